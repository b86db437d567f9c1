package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The files that were uploaded, each under the path its address ends with. Thread-safe. */
public final class UploadShelf {

  /** What stands before the path in every address of an uploaded file. */
  public static final String PREFIX = "/kieai/sandbox/";

  private final Path folder;

  public UploadShelf(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Takes a file in. A file of the same path and name is replaced, as the provider does.
   *
   * @param received the bytes, moved away from here
   * @param uploadPath folder of the new address, required
   * @param fileName name with extension; null for one that is made up
   * @param sentName name the client gave the file, for its extension only
   * @param base scheme, host and port of the new address
   */
  public ObjectNode put(
      Path received,
      @Nullable String uploadPath,
      @Nullable String fileName,
      @Nullable String sentName,
      URI base)
      throws IOException {
    if (uploadPath == null || uploadPath.isBlank()) {
      throw new Refusal(400, "Missing required parameter: uploadPath");
    }
    var name = fileName == null || fileName.isBlank() ? madeUp(sentName) : fileName;
    var path = trimmed(uploadPath) + "/" + name;
    var target = inside(path).orElseThrow(() -> new Refusal(400, "Invalid uploadPath or fileName"));
    long size = Files.size(received);
    Files.createDirectories(target.getParent() == null ? folder : target.getParent());
    Files.move(received, target, StandardCopyOption.REPLACE_EXISTING);
    return Envelope.object()
        .put("success", true)
        .put("fileName", name)
        .put("filePath", PREFIX.substring(1) + path)
        .put("downloadUrl", address(base, path))
        .put("fileSize", size)
        .put("mimeType", MediaTypes.of(name))
        .put("uploadedAt", Instant.now().toString());
  }

  /** The same for the Base64 endpoint; the data may be bare or a {@code data:} URL. */
  public ObjectNode putBase64(
      @Nullable String data, @Nullable String uploadPath, @Nullable String fileName, URI base)
      throws IOException {
    if (data == null || data.isBlank()) {
      throw new Refusal(400, "Missing required parameter: base64Data");
    }
    var comma = data.startsWith("data:") ? data.indexOf(',') : -1;
    var kind = comma < 0 ? "" : data.substring("data:".length(), comma);
    Files.createDirectories(folder);
    var temporary = Files.createTempFile(folder, ".base64-", ".part");
    try {
      Files.write(temporary, Base64.getMimeDecoder().decode(data.substring(comma + 1)));
      return put(temporary, uploadPath, fileName, MediaTypes.nameFor(kind), base);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "Base64 decoding failed: Invalid Base64 format");
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The file behind an address, if it is one of ours; host and port do not matter. */
  public Optional<Path> find(String address) {
    try {
      var path = URI.create(address).getPath();
      if (path == null || !path.startsWith(PREFIX)) {
        return Optional.empty();
      }
      return inside(path.substring(PREFIX.length())).filter(Files::isRegularFile);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<Path> inside(String path) {
    var file = folder.resolve(path).normalize();
    return file.startsWith(folder) && !file.equals(folder) ? Optional.of(file) : Optional.empty();
  }

  private static String address(URI base, String path) {
    try {
      return base + new URI(null, null, PREFIX + path, null).getRawPath();
    } catch (URISyntaxException e) {
      throw new Refusal(400, "Invalid uploadPath or fileName");
    }
  }

  private static String trimmed(String path) {
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }

  private static String madeUp(@Nullable String sentName) {
    var sent = sentName == null ? "" : sentName;
    var extension = sent.contains(".") ? sent.substring(sent.lastIndexOf('.')) : ".bin";
    var random = UUID.randomUUID().toString().replace("-", "").substring(0, 11);
    return System.currentTimeMillis() + "-" + random + extension.toLowerCase(Locale.ROOT);
  }
}
