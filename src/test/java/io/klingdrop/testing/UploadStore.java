package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The upload host. As on the real one, the same {@code uploadPath} and {@code fileName} silently
 * replace what was there, and a file without a name is given one. Safe for use by many threads.
 */
final class UploadStore {

  private static final String ACCOUNT = "kieai/424242/";

  private final Path folder;
  private final InstantSource time;
  private final URI base;
  private final List<Upload> uploads = new CopyOnWriteArrayList<>();
  private final Map<URI, Upload> byUrl = new ConcurrentHashMap<>();
  private final AtomicInteger files = new AtomicInteger();

  UploadStore(URI base, InstantSource time) throws IOException {
    this.time = time;
    this.base = base;
    this.folder = Files.createTempDirectory("fake-kie");
  }

  /** Every upload that arrived completely, in the order they did. */
  List<Upload> all() {
    return List.copyOf(uploads);
  }

  /** What is found at this URL now. */
  Optional<Upload> at(URI url) {
    return Optional.ofNullable(byUrl.get(url));
  }

  /** Takes the file in a multipart call and tells the client where it is. */
  Reply take(Call call) throws IOException {
    Optional<Multipart> parts = Multipart.of(call.body(), call.header("Content-Type").orElse(""));
    if (parts.isEmpty()) {
      return refusal("Missing required parameter: file");
    }
    Map<String, String> fields = new HashMap<>();
    Kept kept = null;
    for (Optional<Multipart.Part> next = parts.get().next();
        next.isPresent();
        next = parts.get().next()) {
      Multipart.Part part = next.get();
      if (part.name().equals("file")) {
        kept = keep(part);
      } else {
        fields.put(part.name(), part.text());
      }
    }
    return register(kept, fields);
  }

  /** Removes every file. */
  void delete() throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private record Kept(Multipart.Part part, Path file, long bytes, String sha256) {}

  private Kept keep(Multipart.Part part) throws IOException {
    Path file = folder.resolve(files.incrementAndGet() + ".bin");
    MessageDigest digest = Digests.sha256();
    long bytes;
    try (InputStream in = new DigestInputStream(part.content(), digest)) {
      bytes = Files.copy(in, file);
    }
    return new Kept(part, file, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private Reply register(@Nullable Kept kept, Map<String, String> fields) {
    if (kept == null) {
      return refusal("Missing required parameter: file");
    }
    String uploadPath = fields.getOrDefault("uploadPath", "");
    if (uploadPath.isBlank()) {
      return refusal("Missing required parameter: uploadPath");
    }
    if (uploadPath.startsWith("/") || uploadPath.endsWith("/")) {
      return refusal("Invalid parameter: uploadPath");
    }
    Optional<String> fileName = Optional.ofNullable(fields.get("fileName"));
    String path = ACCOUNT + uploadPath + "/" + fileName.orElseGet(() -> inventName(kept.part()));
    var upload =
        new Upload(
            urlOf(path),
            fileName,
            kept.part().fileName(),
            uploadPath,
            kept.part().contentType(),
            kept.bytes(),
            kept.sha256(),
            kept.file(),
            time.instant());
    uploads.add(upload);
    byUrl.put(upload.url(), upload);
    return Reply.json(receipt(upload, path));
  }

  private URI urlOf(String path) {
    try {
      String absolute = Endpoint.FILE.path() + path;
      var url = new URI(base.getScheme(), base.getAuthority(), absolute, null, null);
      return URI.create(url.toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a path: " + path, e);
    }
  }

  private String inventName(Multipart.Part part) {
    String sent = part.fileName().orElse("");
    int dot = sent.lastIndexOf('.');
    String random = Long.toString(new Random().nextLong(1L << 50, 1L << 51), 36);
    String extension = dot < 0 ? "" : sent.substring(dot);
    return "%d-%s%s".formatted(time.millis(), random, extension);
  }

  private static JsonNode receipt(Upload upload, String path) {
    ObjectNode data =
        Envelopes.object()
            .put("success", true)
            .put("fileName", upload.storedName())
            .put("filePath", path)
            .put("downloadUrl", upload.url().toString())
            .put("fileSize", upload.bytes())
            .put("mimeType", upload.contentType())
            .put("uploadedAt", upload.at().toString());
    return Envelopes.object()
        .put("success", true)
        .put("code", 200)
        .put("msg", "File uploaded successfully")
        .set("data", data);
  }

  private static Reply refusal(String msg) {
    return Reply.json(Envelopes.uploadRefusal(400, msg));
  }
}
