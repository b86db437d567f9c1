package io.klingdrop.s3;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK behind {@link Store}: the only way here to its clients. Thread-safe. */
record Access(S3Settings settings, S3Client client, S3Presigner presigner)
    implements AutoCloseable {
  static Access to(S3Settings settings, ProxySettings proxies, UploadNotes notes) {
    try {
      return open(settings, proxies, notes);
    } catch (SdkException e) {
      throw BucketErrors.of(settings, e);
    }
  }

  private static Access open(S3Settings settings, ProxySettings proxies, UploadNotes notes) {
    var keys = keys(settings.keys());
    var style = S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build();
    var client =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create(new Connections(proxies)))
            .credentialsProvider(keys)
            .serviceConfiguration(style)
            // the checksums that servers other than AWS know, too: see Transfer
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    var presigner = S3Presigner.builder().credentialsProvider(keys).serviceConfiguration(style);
    if (!settings.region().isEmpty()) {
      client.region(Region.of(settings.region()));
      presigner.region(Region.of(settings.region()));
    }
    if (settings.endpoint() != null) {
      client.endpointOverride(settings.endpoint());
      presigner.endpointOverride(settings.endpoint());
    }
    return new Access(
        settings, new CarefulClient(client.build(), settings, notes), presigner.build());
  }

  private static AwsCredentialsProvider keys(S3Settings.Keys keys) {
    return keys.unset()
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(keys.accessKey(), keys.secretKey()));
  }

  Optional<Stored> find(String key) {
    try {
      var head = client.headObject(request -> request.bucket(settings.bucket()).key(key));
      return Optional.of(
          new Stored(key, head.contentLength(), head.lastModified(), head.metadata()));
    } catch (StoreException e) {
      if (BucketErrors.notFound(e)) {
        return Optional.empty();
      }
      throw withReason(e, key);
    }
  }

  /** The answer to a look has no body: a list that is refused as well says what is wrong. */
  private StoreException withReason(StoreException look, String key) {
    if (!BucketErrors.refused(look)) {
      return look;
    }
    try {
      client.listObjectsV2(list -> list.bucket(settings.bucket()).prefix(key).maxKeys(1));
      return look;
    } catch (StoreException e) {
      return BucketErrors.refused(e) ? e : look;
    }
  }

  void put(String key, Path file, String type, Map<String, String> metadata) {
    client.putObject(request(key, type, metadata), RequestBody.fromFile(file));
  }

  void put(String key, byte[] bytes, String type, Map<String, String> metadata) {
    client.putObject(request(key, type, metadata), RequestBody.fromBytes(bytes));
  }

  private PutObjectRequest request(String key, String type, Map<String, String> metadata) {
    return PutObjectRequest.builder()
        .bucket(settings.bucket())
        .key(key)
        .contentType(type)
        .metadata(metadata)
        .build();
  }

  String read(String key, int most) {
    var bytes =
        client.getObjectAsBytes(
            request -> request.bucket(settings.bucket()).key(key).range("bytes=0-" + (most - 1)));
    return new String(bytes.asByteArray(), StandardCharsets.UTF_8);
  }

  void remove(String key) {
    client.deleteObject(request -> request.bucket(settings.bucket()).key(key));
  }

  List<Stored> list(String prefix) {
    try {
      return client
          .listObjectsV2Paginator(request -> request.bucket(settings.bucket()).prefix(prefix))
          .contents()
          .stream()
          .map(
              object ->
                  new Stored(
                      object.key(),
                      object.size(),
                      Optional.ofNullable(object.lastModified()).orElse(Instant.EPOCH),
                      Map.of()))
          .toList();
    } catch (SdkException e) {
      throw BucketErrors.of(settings, e);
    }
  }

  String sign(String key, Duration ttl) {
    try {
      return presigner
          .presignGetObject(
              request ->
                  request
                      .signatureDuration(ttl)
                      .getObjectRequest(get -> get.bucket(settings.bucket()).key(key)))
          .url()
          .toString();
    } catch (SdkException e) {
      throw BucketErrors.of(settings, e);
    }
  }

  @Override
  public void close() {
    client.close();
    presigner.close();
  }
}
