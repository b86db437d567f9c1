package io.klingdrop.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Sends a file from the disk, or the part of it that a Range header asks for. */
final class FileAnswer {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "webp", "image/webp",
          "gif", "image/gif",
          "mp4", "video/mp4",
          "mov", "video/quicktime",
          "webm", "video/webm");

  private FileAnswer() {}

  private record Part(long first, long last) {}

  /**
   * Begins to send it and returns: however slowly it is read, nobody waits for that. Whoever hangs
   * up in between, as players do that seek, is nothing to tell. {@code keep} goes to Cache-Control.
   */
  static Answer send(Request request, Path file, String keep) throws IOException {
    var size = Files.size(file);
    var tag = "\"%x-%x\"".formatted(size, Files.getLastModifiedTime(file).toMillis());
    var response = request.wire().response();
    var name = file.toString().toLowerCase(Locale.ROOT);
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    response.putHeader("Content-Type", type == null ? "application/octet-stream" : type);
    response.putHeader("Accept-Ranges", "bytes");
    response.putHeader("ETag", tag);
    response.putHeader("Cache-Control", keep);
    if (tag.equals(request.header("If-None-Match").orElse(""))) {
      response.setStatusCode(304).end();
      return Answer.SENT;
    }
    var ifRange = request.header("If-Range").orElse(tag);
    var asked = ifRange.equals(tag) ? request.header("Range").orElse("") : "";
    var part = part(asked, size);
    if (part.first() > part.last() && size > 0) {
      response.setStatusCode(416).putHeader("Content-Range", "bytes */" + size);
      response.end();
      return Answer.SENT;
    }
    if (RANGE.matcher(asked).matches()) {
      response.setStatusCode(206);
      response.putHeader(
          "Content-Range", "bytes %d-%d/%d".formatted(part.first(), part.last(), size));
    }
    var sending = response.sendFile(file.toString(), part.first(), part.last() - part.first() + 1);
    if (sending.failed() && !response.ended()) {
      throw new IOException(file + " cannot be read: " + sending.cause(), sending.cause());
    }
    return Answer.SENT;
  }

  private static Part part(String range, long size) {
    var asked = RANGE.matcher(range);
    if (!asked.matches()) {
      return new Part(0, size - 1);
    }
    var first = asked.group(1);
    var last = asked.group(2);
    if (first.isEmpty()) {
      return new Part(last.isEmpty() ? size : Math.max(0, size - Long.parseLong(last)), size - 1);
    }
    var end = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
    return new Part(Long.parseLong(first), end);
  }
}
