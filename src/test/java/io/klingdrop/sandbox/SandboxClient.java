package io.klingdrop.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A client as a stranger would write it from the provider's documents. */
final class SandboxClient {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final String BOUNDARY = "----sandbox-test-boundary";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  SandboxClient(URI base) {
    this.base = base;
  }

  /** Uploads a file and returns its address. */
  String upload(Path file) throws Exception {
    var answer = json(multipart(file, Map.of("uploadPath", "test/" + System.nanoTime())));
    return answer.path("data").path("downloadUrl").asText();
  }

  HttpResponse<byte[]> multipart(Path file, Map<String, String> fields) throws Exception {
    var body = new ByteArrayOutputStream();
    for (var field : fields.entrySet()) {
      body.write(
          "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(BOUNDARY, field.getKey(), field.getValue())
              .getBytes(UTF_8));
    }
    body.write(
        ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
            .formatted(BOUNDARY, file.getFileName())
            .getBytes(UTF_8));
    body.write(Files.readAllBytes(file));
    body.write("\r\n--%s--\r\n".formatted(BOUNDARY).getBytes(UTF_8));
    return http.send(
        request("/api/file-stream-upload")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, JsonNode body) throws Exception {
    return http.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return http.send(request(path).GET().build(), BodyHandlers.ofByteArray());
  }

  /** Fetches an address without a key, as files are fetched. */
  HttpResponse<byte[]> fetch(String url, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> record(String taskId) throws Exception {
    return get("/api/v1/jobs/recordInfo?taskId=" + taskId);
  }

  /** Reads the record until the task has ended and returns its data. */
  JsonNode untilEnded(String taskId) {
    return Patience.await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> json(record(taskId)).path("data"),
            data -> data.path("state").asText().matches("success|fail"));
  }

  /** Addresses of the results in a record. */
  static JsonNode results(JsonNode data) throws IOException {
    return JSON.readTree(data.path("resultJson").asText()).path("resultUrls");
  }

  static ObjectNode avatar(String image, String audio, String prompt) {
    var request = JSON.createObjectNode().put("model", "kling/v1-avatar-standard");
    request
        .putObject("input")
        .put("image_url", image)
        .put("audio_url", audio)
        .put("prompt", prompt);
    return request;
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(Patience.LONG)
        .header("Authorization", "Bearer any-key");
  }
}
