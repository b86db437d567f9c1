package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The plainest client of the Kling double: nothing retried, no redirect followed. */
final class KlingTestClient {

  static final String AVATAR = KlingEndpoint.CREATE_AVATAR.path();
  static final String IMAGE = KlingEndpoint.CREATE_IMAGE.path();
  static final byte[] FACE = face();
  static final byte[] VOICE = TestMedia.sound(TestMedia.VOICE_LENGTH, 1);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final FakeKling kling;
  private String authorization;
  private Duration timeout = Patience.LONG;

  KlingTestClient(FakeKling kling) {
    this.kling = kling;
    this.authorization = "Bearer " + kling.key();
  }

  KlingTestClient authorization(String header) {
    authorization = header;
    return this;
  }

  KlingTestClient timeout(Duration time) {
    timeout = time;
    return this;
  }

  /** A request for an avatar that is as it should be. */
  static ObjectNode avatar(String externalId) {
    return Envelopes.object()
        .put("image", base64(FACE))
        .put("sound_file", base64(VOICE))
        .put("prompt", "wave")
        .put("mode", "std")
        .put("external_task_id", externalId);
  }

  /** Creates a task and returns its id. */
  String newTask() throws IOException {
    return create(avatar("")).at("/data/task_id").asText();
  }

  JsonNode create(JsonNode request) throws IOException {
    return json(post(AVATAR, request));
  }

  JsonNode query(String id) throws IOException {
    return json(get(AVATAR + "/" + id));
  }

  String state(String id) throws IOException {
    return query(id).at("/data/task_status").asText();
  }

  HttpResponse<byte[]> post(String path, JsonNode body) throws IOException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<byte[]> get(String path) throws IOException {
    return send(request(path));
  }

  HttpResponse<byte[]> fetch(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private static byte[] face() {
    try {
      return TestMedia.picture("png", TestMedia.PORTRAIT_SIDE, TestMedia.PORTRAIT_SIDE, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return Envelopes.parse(new String(response.body(), StandardCharsets.UTF_8));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(kling.url() + path));
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.timeout(timeout).build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
