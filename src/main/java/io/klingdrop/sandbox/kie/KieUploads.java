package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.MediaTypes;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.SandboxBody;
import io.klingdrop.sandbox.task.SandboxRequest;
import io.klingdrop.sandbox.task.StoredFile;
import io.klingdrop.sandbox.task.UploadShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the upload host answers to a call that the door lets in. Thread-safe. */
public record KieUploads(UploadShelf shelf) {
  /**
   * Takes what a multipart upload brought in and tells where it is.
   *
   * @param file its bytes, about to be moved away; null if it brought none
   * @param uploadPath folder of the new address
   * @param fileName name with extension
   * @param sentName name the client gave the file itself
   */
  public SandboxAnswer take(
      @Nullable Path file,
      @Nullable String uploadPath,
      @Nullable String fileName,
      @Nullable String sentName)
      throws IOException {
    try {
      if (file == null) {
        throw new Refusal(400, "Missing required parameter: file");
      }
      return Envelope.uploaded(shelf.put(file, uploadPath, fileName, sentName));
    } catch (Refusal e) {
      return Envelope.uploadRefused(e);
    }
  }

  /** The same for a file in Base64. */
  public SandboxAnswer takeBase64(SandboxRequest request) throws IOException {
    var json = request.json();
    try {
      return Envelope.uploaded(
          shelf.putBase64(
              json.path("base64Data").asText(null),
              json.path("uploadPath").asText(null),
              json.path("fileName").asText(null)));
    } catch (Refusal e) {
      return Envelope.uploadRefused(e);
    }
  }

  /** An uploaded file for whoever knows its path. */
  public SandboxAnswer send(SandboxRequest request) throws IOException {
    var found = shelf.find(request.path());
    if (found.isEmpty()) {
      return SandboxAnswer.empty(404);
    }
    var file = found.get();
    var tag = "%x-%x".formatted(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    return StoredFile.of(request, SandboxBody.of(file), MediaTypes.of(file.toString()), tag);
  }
}
