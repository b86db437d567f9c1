package io.klingdrop.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of kie.ai's dialect the way its pages and recorded exchanges do: an envelope
 * with HTTP 200 also for refusals, credits taken at creation and given back on failure.
 * Thread-safe.
 */
final class SandboxDesk {
  private static final Duration USUAL = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final URI base;
  private final Map<String, Path> uploads = new ConcurrentHashMap<>();
  private final Map<String, SandboxTask> tasks = new ConcurrentHashMap<>();
  private final AtomicLong credits = new AtomicLong(10_000);

  SandboxDesk(Path folder, URI base) {
    this.folder = folder;
    this.base = base;
  }

  /** The media a task is made from. */
  record Order(SandboxTask task, Path image, @Nullable Path audio, Duration length) {}

  /** {@code POST /api/file-stream-upload}. */
  Reply upload(@Header("type") String contentType, @Body InputStream body) throws IOException {
    var name = UUID.randomUUID().toString();
    var file = folder.resolve(name);
    var path = "";
    try {
      var parts = new FileUpload().getItemIterator(new MultipartBody(contentType, body));
      while (parts.hasNext()) {
        var part = parts.next();
        try (var in = part.openStream()) {
          if (part.isFormField()) {
            var value = new String(in.readNBytes(4096), StandardCharsets.UTF_8);
            path = part.getFieldName().equals("uploadPath") ? value : path;
          } else {
            Files.copy(in, file);
          }
        }
      }
    } catch (FileUploadException e) {
      return refusal("400", "the multipart body is not readable");
    }
    if (path.isBlank() || !Files.exists(file)) {
      return refusal(
          "400", "Missing required parameter: " + (path.isBlank() ? "uploadPath" : "file"));
    }
    uploads.put(name, file);
    var answer = envelope(200, "File uploaded successfully").put("success", true);
    answer
        .putObject("data")
        .put("success", true)
        .put("fileName", name)
        .put("filePath", "sandbox/" + path + "/" + name)
        .put("downloadUrl", base + "/files/" + name)
        .put("fileSize", Files.size(file))
        .put("uploadedAt", Instant.now().toString());
    return Reply.json(answer.toString());
  }

  /**
   * {@code POST /api/v1/jobs/createTask}.
   *
   * @return the order to be made, or a {@link Reply} that refuses it
   */
  Object create(@Body String body) throws IOException {
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return refusal("422", "the body is not JSON");
    }
    var model = request.path("model").asText("");
    if (model.isEmpty() || !(request.path("input") instanceof ObjectNode input)) {
      return refusal("422", "The model name you specified is not supported.");
    }
    var script = SandboxScript.of(input.path("prompt").asText(""), USUAL);
    var refuse = script.refuse();
    if (refuse != null) {
      return refusal(refuse.code(), refuse.message());
    }
    var image = media(input, "image_url", "image_urls");
    var audio = media(input, "audio_url", "audio_urls");
    if (image == null) {
      return refusal("500", "image_url is required");
    }
    if (!Files.exists(image) || (audio != null && !Files.exists(audio))) {
      return refusal("500", "resource download failed");
    }
    var length = length(audio, input.path("duration").asInt(5));
    var price = length.toSeconds() * 8;
    if (credits.addAndGet(-price) < 0) {
      credits.addAndGet(price);
      return refusal("500", "Credits insufficient");
    }
    var id = "task_sandbox_" + UUID.randomUUID().toString().replace("-", "");
    var task = new SandboxTask(id, model, input, script, price, Instant.now());
    tasks.put(id, task);
    return new Order(task, image, audio, length);
  }

  private static Duration length(@Nullable Path audio, int seconds) throws IOException {
    if (audio != null) {
      try {
        return MediaProbe.audio(audio).length();
      } catch (MediaException e) {
        return Duration.ofSeconds(seconds);
      }
    }
    return Duration.ofSeconds(seconds);
  }

  /** The uploaded file an input field names; a file that does not exist for a foreign address. */
  private @Nullable Path media(ObjectNode input, String scalar, String array) {
    var url = input.path(scalar).asText(input.path(array).path(0).asText(""));
    if (url.isEmpty()) {
      return null;
    }
    var name = url.substring(url.lastIndexOf('/') + 1);
    return url.startsWith(base + "/files/") && uploads.containsKey(name)
        ? uploads.get(name)
        : folder.resolve("nowhere");
  }

  /** What createTask says about an accepted order. */
  Reply accepted(@Body Order order) {
    var script = order.task().script();
    if (script.hang()) {
      return Reply.silence();
    }
    if (script.drop()) {
      return Reply.bare(502);
    }
    var answer = envelope(200, "success");
    answer.putObject("data").put("taskId", order.task().id()).put("recordId", order.task().id());
    return Reply.json(answer.toString());
  }

  /** Makes the video of an order and puts it where the task offers it. */
  void render(@Body Order order) {
    var task = order.task();
    var target = folder.resolve(task.id() + ".mp4");
    try {
      if (task.script().fail() != null) {
        credits.addAndGet(task.credits());
      } else {
        VideoMaker.make(order.image(), order.audio(), order.length(), target);
        if (task.script().brokenVideo()) {
          var bytes = Files.readAllBytes(target);
          Files.write(target, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
      }
      task.rendered(target);
    } catch (IOException e) {
      task.rendered(null);
    }
  }

  /** {@code GET /api/v1/jobs/recordInfo}. */
  Reply record(@Header("argument") @Nullable String taskId) {
    var task = taskId == null ? null : tasks.get(taskId);
    if (task == null) {
      return refusal("422", "recordInfo is null");
    }
    var looks = task.look();
    if (task.script().html() && looks < 2) {
      return Reply.html("<html><body><h1>Bad gateway</h1></body></html>");
    }
    var ended = task.isRendered() && !Instant.now().isBefore(task.ends());
    var fail = task.script().fail();
    var failed = ended && (fail != null || task.video() == null);
    var answer = envelope(200, "success");
    var data = answer.putObject("data");
    data.put("taskId", task.id()).put("model", task.model());
    data.put("state", state(task, ended, failed, looks));
    data.put("param", param(task));
    data.put("resultJson", ended && !failed ? result(task) : "");
    data.put("failCode", failed ? (fail == null ? "500" : fail.code()) : null);
    data.put("failMsg", failed ? (fail == null ? "Internal Error" : fail.message()) : null);
    data.put(
        "costTime", ended ? Duration.between(task.created(), Instant.now()).toSeconds() : null);
    data.put("completeTime", ended ? Instant.now().toEpochMilli() : null);
    data.put("createTime", task.created().toEpochMilli());
    data.put("creditsConsumed", failed ? 0.0 : (double) task.credits());
    return Reply.json(answer.toString());
  }

  private static String state(SandboxTask task, boolean ended, boolean failed, int looks) {
    if (task.script().oddState() && looks < 2) {
      return "pondering";
    }
    if (ended) {
      return failed ? "fail" : "success";
    }
    var half = task.created().plus(task.script().render().dividedBy(2));
    return Instant.now().isBefore(half) ? "waiting" : "generating";
  }

  /** As on the wire: text inside text. */
  private static String param(SandboxTask task) {
    return JSON.createObjectNode()
        .put("input", task.input().toString())
        .put("model", task.model())
        .toString();
  }

  private String result(SandboxTask task) {
    var result = JSON.createObjectNode();
    var urls = result.putArray("resultUrls");
    if (!task.script().noUrl()) {
      urls.add(base + "/result/" + task.id() + ".mp4");
      if (task.script().twoResults()) {
        urls.add(base + "/result/" + task.id() + ".mp4?second");
      }
    }
    return result.toString();
  }

  /** {@code GET /api/v1/chat/credit}. */
  Reply credit() {
    return Reply.json(envelope(200, "success").put("data", credits.get()).toString());
  }

  /** {@code POST /api/v1/common/download-url}. */
  Reply downloadUrl(@Body String body) throws JsonProcessingException {
    var url = JSON.readTree(body).path("url").asText("");
    var task = tasks.get(taskOf(url));
    if (task == null) {
      return refusal("422", "url is wrong");
    }
    task.renew();
    return Reply.json(envelope(200, "success").put("data", url + "?fresh").toString());
  }

  /** {@code GET /result/…}. */
  Reply result(@Header("path") String path) {
    var task = tasks.get(taskOf(path));
    var video = task == null ? null : task.video();
    if (task == null || video == null) {
      return Reply.bare(404);
    }
    return task.refusesDownload() ? Reply.bare(403) : Reply.file(video, "video/mp4");
  }

  private static String taskOf(String url) {
    return url.substring(url.lastIndexOf('/') + 1).replaceFirst("\\.mp4.*", "");
  }

  /** {@code GET /files/…}. */
  Reply uploaded(@Header("path") String path) {
    var file = uploads.get(path.substring(path.lastIndexOf('/') + 1));
    return file == null ? Reply.bare(404) : Reply.file(file, "application/octet-stream");
  }

  /** The answer to a call without a key. */
  Reply noKey() {
    return Reply.json(envelope(401, "Unauthorized – Authentication failed.").toString());
  }

  /** The answer to a call nobody knows. */
  Reply notFound() {
    return refusal("404", "Not found");
  }

  private static Reply refusal(String code, String message) {
    return Reply.json(envelope(Integer.parseInt(code), message).putNull("data").toString());
  }

  private static ObjectNode envelope(int code, String message) {
    return JSON.createObjectNode().put("code", code).put("msg", message);
  }

  /** A request body as the multipart reader wants it. */
  private record MultipartBody(String contentType, InputStream body) implements UploadContext {
    @Override
    public String getCharacterEncoding() {
      return "UTF-8";
    }

    @Override
    public String getContentType() {
      return contentType;
    }

    @Override
    @SuppressWarnings("deprecation")
    public int getContentLength() {
      return -1;
    }

    @Override
    public long contentLength() {
      return -1;
    }

    @Override
    public InputStream getInputStream() {
      return body;
    }
  }
}
