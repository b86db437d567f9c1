package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.kie.KieUploads;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.UploadShelf;
import io.klingdrop.testing.Multipart.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The files of requests: those uploaded, each kept as it came though another may take its place on
 * the sandbox's shelf, and those behind addresses elsewhere. Safe for use by many threads.
 */
final class KieMedia {

  private final TempFolder folder;
  private final Path elsewhere;
  private final InstantSource time;
  private final URI base;
  private final UploadShelf shelf;
  private final KieUploads host;
  private final List<Upload> uploads = new CopyOnWriteArrayList<>();
  private final Map<String, Upload> byUrl = new ConcurrentHashMap<>();
  private final AtomicInteger files = new AtomicInteger();

  KieMedia(URI base, InstantSource time) throws IOException {
    this.time = time;
    this.base = base;
    this.folder = TempFolder.create("fake-kie");
    this.elsewhere = Files.createFile(folder.path().resolve("elsewhere"));
    this.shelf = new UploadShelf(folder.path().resolve("shelf"), base, time);
    this.host = new KieUploads(shelf);
  }

  /** The upload host, for files on the shelf. */
  KieUploads host() {
    return host;
  }

  /** Every upload that arrived completely, in the order they did. */
  List<Upload> all() {
    return List.copyOf(uploads);
  }

  /** Takes the file in a multipart call to the shelf. */
  SandboxAnswer take(Call call) throws IOException {
    Map<String, String> fields = new HashMap<>();
    Part part = null;
    Path file = folder.path().resolve(files.incrementAndGet() + ".bin");
    var digest = Digests.sha256();
    var parts = Multipart.of(call.body(), call.header("Content-Type").orElse(""));
    for (var next = next(parts); next.isPresent(); next = next(parts)) {
      if (next.get().name().equals("file")) {
        part = next.get();
        try (InputStream in = new DigestInputStream(part.content(), digest)) {
          Files.copy(in, file);
        }
      } else {
        fields.put(next.get().name(), next.get().text());
      }
    }
    var answer =
        host.take(
            part == null ? null : copied(file),
            fields.get("uploadPath"),
            fields.get("fileName"),
            part == null ? null : part.fileName().orElse(null));
    var receipt = Envelopes.read(CallRequest.reply(answer).body().bytes()).orElseThrow();
    if (part != null && receipt.path("success").asBoolean()) {
      var sha256 = HexFormat.of().formatHex(digest.digest());
      note(part, file, fields, sha256, receipt.at("/data/downloadUrl").asText());
    }
    return answer;
  }

  /** What lies behind an address; an address elsewhere is believed unless a bucket denies it. */
  Optional<Path> find(String address) {
    return isUpload(address)
        ? shelf.find(address)
        : SignedMedia.is(address)
            ? SignedMedia.sha256(URI.create(address)).map(there -> elsewhere)
            : Optional.of(elsewhere);
  }

  /**
   * SHA-256 of each upload and of each file in a bucket of the client's that an input refers to, by
   * the JSON pointer of its place.
   */
  Map<String, String> digests(JsonNode input) {
    Map<String, String> digests = new TreeMap<>();
    collect("", input, digests);
    return digests;
  }

  /** Removes every file. */
  void delete() throws IOException {
    folder.delete();
  }

  private static Optional<Part> next(Optional<Multipart> parts) throws IOException {
    return parts.isEmpty() ? Optional.empty() : parts.get().next();
  }

  /** The file under a second name, which may be taken away. */
  private Path copied(Path file) throws IOException {
    return Files.createLink(folder.path().resolve(file.getFileName() + ".in"), file);
  }

  private void note(Part part, Path file, Map<String, String> fields, String sha256, String url)
      throws IOException {
    var upload =
        new Upload(
            URI.create(url),
            Optional.ofNullable(fields.get("fileName")),
            part.fileName(),
            fields.getOrDefault("uploadPath", ""),
            part.contentType(),
            Files.size(file),
            sha256,
            file,
            time.instant());
    uploads.add(upload);
    byUrl.put(url, upload);
  }

  private boolean isUpload(String address) {
    return address.startsWith(base + UploadShelf.PREFIX);
  }

  private void collect(String place, JsonNode node, Map<String, String> digests) {
    digest(node.asText("")).ifPresent(sha256 -> digests.put(place, sha256));
    node.properties().forEach(e -> collect(place + "/" + e.getKey(), e.getValue(), digests));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(place + "/" + i, node.get(i), digests);
    }
  }

  private Optional<String> digest(String address) {
    return SignedMedia.is(address)
        ? SignedMedia.sha256(URI.create(address))
        : Optional.ofNullable(byUrl.get(address)).map(Upload::sha256);
  }
}
