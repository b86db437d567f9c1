package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files that were uploaded, each under the path its address ends with. Thread-safe.
 *
 * @param folder where they lie
 * @param base what their addresses begin with
 */
public record UploadShelf(Path folder, URI base, InstantSource clock) {
  /** What stands before the path in every address of an uploaded file. */
  public static final String PREFIX = "/kieai/sandbox/";

  /** Normalizes the folder, so that a path is seen to lie in it. */
  public UploadShelf {
    folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Takes a file in. A file of the same path and name is replaced, as the provider does.
   *
   * @param received the bytes, moved away from here
   * @param uploadPath folder of the new address, without a slash at its ends; required
   * @param fileName name with extension; null for one that is made up
   * @param sentName name the client gave the file, for its extension only
   */
  public ObjectNode put(
      Path received,
      @Nullable String uploadPath,
      @Nullable String fileName,
      @Nullable String sentName)
      throws IOException {
    if (uploadPath == null || uploadPath.isBlank()) {
      throw new Refusal(400, "Missing required parameter: uploadPath");
    }
    if (uploadPath.startsWith("/") || uploadPath.endsWith("/")) {
      throw new Refusal(400, "Invalid parameter: uploadPath");
    }
    var name = fileName == null || fileName.isBlank() ? madeUp(sentName) : fileName;
    var path = uploadPath + "/" + name;
    var target = inside(path).orElseThrow(() -> new Refusal(400, "Invalid uploadPath or fileName"));
    long size = Files.size(received);
    Files.createDirectories(target.getParent() == null ? folder : target.getParent());
    Files.move(received, target, StandardCopyOption.REPLACE_EXISTING);
    return Envelope.object()
        .put("success", true)
        .put("fileName", name)
        .put("filePath", PREFIX.substring(1) + path)
        .put("downloadUrl", base + rawPath(path))
        .put("fileSize", size)
        .put("mimeType", MediaTypes.of(name))
        .put("uploadedAt", clock.instant().toString());
  }

  /** The same for the Base64 endpoint; the data may be bare or a {@code data:} URL. */
  public ObjectNode putBase64(
      @Nullable String data, @Nullable String uploadPath, @Nullable String fileName)
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
      return put(temporary, uploadPath, fileName, MediaTypes.nameFor(kind));
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
      return path != null && path.startsWith(PREFIX)
          ? inside(path.substring(PREFIX.length())).filter(Files::isRegularFile)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Where a file of this path lies: under the name it has in its address, which is ASCII. */
  private Optional<Path> inside(String path) {
    var file = folder.resolve(rawPath(path).substring(PREFIX.length())).normalize();
    return file.startsWith(folder) && !file.equals(folder) ? Optional.of(file) : Optional.empty();
  }

  private static String rawPath(String path) {
    try {
      return new URI(null, null, PREFIX + path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new Refusal(400, "Invalid uploadPath or fileName");
    }
  }

  private String madeUp(@Nullable String sentName) {
    var sent = sentName == null ? "" : sentName;
    var extension = sent.contains(".") ? sent.substring(sent.lastIndexOf('.')) : ".bin";
    var random = UUID.randomUUID().toString().replace("-", "").substring(0, 11);
    return clock.millis() + "-" + random + extension.toLowerCase(Locale.ROOT);
  }
}
