package io.klingdrop.s3;

import io.klingdrop.settings.S3Settings;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * The client behind everything here, Camel's endpoints too: it puts an object only where there is
 * none, sends large ones in parts, and says in plain words what went wrong. Thread-safe.
 *
 * <p>{@code If-None-Match: *} is known to AWS since 2024-08; a server that answers 501 to it is
 * looked at before each put instead.
 */
final class CarefulClient extends DelegatingS3Client {
  private static final Logger LOG = LoggerFactory.getLogger(CarefulClient.class);

  private final S3Settings settings;
  private final Transfer transfer;
  private volatile boolean conditions = true;

  CarefulClient(S3Client plain, S3Settings settings, UploadNotes notes) {
    super(plain);
    this.settings = settings;
    this.transfer = new Transfer(this, settings.partSize(), notes);
  }

  @Override
  protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
    try {
      return operation.apply(request);
    } catch (SdkException | UncheckedIOException e) {
      throw BucketErrors.of(settings, e);
    }
  }

  @Override
  public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
    try {
      return put(request, body);
    } catch (StoreException e) {
      if (!conditions || !BucketErrors.unknownCondition(e)) {
        throw e;
      }
      LOG.info(
          "{} knows no conditional put; each key is looked at before it is used", settings.place());
      conditions = false;
      return put(request, body);
    }
  }

  private PutObjectResponse put(PutObjectRequest request, RequestBody body) {
    if (!conditions) {
      refuseTaken(request);
    }
    if (body.optionalContentLength().orElse(0L) > settings.partSize()) {
      return transfer.inParts(request, body, conditions);
    }
    var careful = request.toBuilder();
    if (conditions) {
      careful.ifNoneMatch("*");
    }
    var sha256 = request.metadata().get(Stored.SHA256);
    if (sha256 != null) {
      careful.checksumSHA256(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)));
    }
    return super.putObject(careful.build(), body);
  }

  private void refuseTaken(PutObjectRequest request) {
    try {
      headObject(head -> head.bucket(request.bucket()).key(request.key()));
    } catch (StoreException e) {
      if (BucketErrors.notFound(e)) {
        return;
      }
      throw e;
    }
    throw new StoreException(
        StoreException.Trouble.TAKEN,
        "the key has an object already",
        new IllegalStateException(request.key()));
  }
}
