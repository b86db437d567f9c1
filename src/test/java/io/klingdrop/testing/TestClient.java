package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The plainest client of the double: one method per endpoint, nothing retried. */
final class TestClient {

  static final String MODEL = "kling/v1-avatar-standard";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final FakeKie kie;
  private Duration timeout = Patience.LONG;

  TestClient(FakeKie kie) {
    this.kie = kie;
  }

  TestClient timeout(Duration time) {
    timeout = time;
    return this;
  }

  /** Creates a task that needs no upload, and returns its id. */
  String newTask() throws IOException {
    return createTask("hello").at("/data/taskId").asText();
  }

  JsonNode createTask(String prompt) throws IOException {
    return createTask(avatar(prompt));
  }

  JsonNode createTask(String prompt, String imageUrl, String audioUrl) throws IOException {
    return createTask(avatar(prompt, imageUrl, audioUrl));
  }

  /** A request for an avatar that needs no upload. */
  static ObjectNode avatar(String prompt) {
    String base = "https://media.example.org/";
    return avatar(prompt, base + "face.png", base + "voice.wav");
  }

  private static ObjectNode avatar(String prompt, String imageUrl, String audioUrl) {
    ObjectNode input =
        Envelopes.object()
            .put("image_url", imageUrl)
            .put("audio_url", audioUrl)
            .put("prompt", prompt);
    return Envelopes.object().put("model", MODEL).set("input", input);
  }

  JsonNode createTask(JsonNode request) throws IOException {
    return json(send(post(Endpoint.CREATE_TASK, request)));
  }

  JsonNode recordInfo(String taskId) throws IOException {
    return json(send(request(Endpoint.RECORD_INFO, "?taskId=" + taskId)));
  }

  JsonNode downloadUrl(String url) throws IOException {
    return json(send(post(Endpoint.DOWNLOAD_URL, Envelopes.object().put("url", url))));
  }

  JsonNode credit() throws IOException {
    return json(rawCredit());
  }

  HttpResponse<byte[]> rawCredit() throws IOException {
    return send(request(Endpoint.CREDIT, ""));
  }

  JsonNode upload(String uploadPath, String fileName, byte[] bytes) throws IOException {
    return json(send(uploadRequest(uploadPath, fileName, bytes)));
  }

  HttpRequest.Builder uploadRequest(String uploadPath, String fileName, byte[] bytes) {
    String head =
        field("uploadPath", uploadPath)
            + field("fileName", fileName)
            + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sent.png\"\r\n"
            + "Content-Type: image/png\r\n\r\n";
    var body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofByteArray(bytes),
            BodyPublishers.ofString("\r\n--xyz--\r\n"));
    return request(Endpoint.UPLOAD, "")
        .header("Content-Type", "multipart/form-data; boundary=xyz")
        .POST(body);
  }

  HttpResponse<byte[]> get(String url, String... headers) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpRequest.Builder request(Endpoint endpoint, String query) {
    return HttpRequest.newBuilder(URI.create(kie.url() + endpoint.path() + query))
        .header("Authorization", "Bearer " + kie.key());
  }

  HttpRequest.Builder post(Endpoint endpoint, JsonNode body) {
    return request(endpoint, "")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString()));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.timeout(timeout).build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return Envelopes.parse(text(response));
  }

  private static String field(String name, String value) {
    return value.isEmpty()
        ? ""
        : "--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
}
