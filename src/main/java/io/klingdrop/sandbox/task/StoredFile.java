package io.klingdrop.sandbox.task;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Answers with a file as plain storage does: length, entity tag, and single byte ranges. */
public final class StoredFile {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private StoredFile() {}

  /**
   * The whole, or the part the request asks for; 416 when that part lies outside.
   *
   * @param tag changes with the content, without quotes
   */
  public static SandboxAnswer of(
      SandboxRequest request, SandboxBody whole, String mediaType, String tag) {
    var quoted = '"' + tag + '"';
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", mediaType);
    headers.put("Accept-Ranges", "bytes");
    headers.put("ETag", quoted);
    var ifRange = request.header("If-Range");
    var range = RANGE.matcher(request.header("Range"));
    boolean changed = !ifRange.isEmpty() && !ifRange.equals(quoted);
    if (changed || !range.matches() || range.group().equals("bytes=-")) {
      return new SandboxAnswer(200, headers, whole);
    }
    long size = whole.length();
    boolean fromTheEnd = range.group(1).isEmpty();
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    long from = fromTheEnd ? Math.max(0, size - last) : Long.parseLong(range.group(1));
    long to = fromTheEnd ? size - 1 : Math.min(size - 1, last);
    if (from > to) {
      headers.put("Content-Range", "bytes */" + size);
      return new SandboxAnswer(416, headers, SandboxBody.of(new byte[0]));
    }
    headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, to, size));
    return new SandboxAnswer(206, headers, whole.slice(from, to - from + 1));
  }
}
