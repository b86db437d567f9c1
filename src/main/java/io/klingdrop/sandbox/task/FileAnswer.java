package io.klingdrop.sandbox.task;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sends a file, or the part of it that a Range header asks for, straight from the disk. */
public final class FileAnswer {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private FileAnswer() {}

  /** Answers completely; returns when the last byte was handed to the connection. */
  public static void send(HttpServerRequest request, Path file, String mediaType)
      throws IOException {
    var response = request.response();
    long size = Files.size(file);
    var tag = "\"%x-%x\"".formatted(size, Files.getLastModifiedTime(file).toMillis());
    response.putHeader("Content-Type", mediaType);
    response.putHeader("Accept-Ranges", "bytes");
    response.putHeader("ETag", tag);
    var ifRange = request.getHeader("If-Range");
    boolean whole = ifRange != null && !ifRange.equals(tag);
    var asked = Optional.ofNullable(request.getHeader("Range")).map(RANGE::matcher);
    long from = 0;
    long to = size - 1;
    if (!whole && asked.isPresent() && asked.get().matches()) {
      var first = asked.get().group(1);
      var last = asked.get().group(2);
      if (first.isEmpty()) {
        from = last.isEmpty() ? size : Math.max(0, size - Long.parseLong(last));
      } else {
        from = Long.parseLong(first);
        to = last.isEmpty() ? to : Math.min(to, Long.parseLong(last));
      }
      if (from > to) {
        response.setStatusCode(416).putHeader("Content-Range", "bytes */" + size);
        response.end().toCompletionStage().toCompletableFuture().join();
        return;
      }
      response.setStatusCode(206);
      response.putHeader("Content-Range", "bytes %d-%d/%d".formatted(from, to, size));
    }
    response
        .sendFile(file.toString(), from, to - from + 1)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
