package io.klingdrop.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves a file as plain storage does: length, entity tag, and single byte ranges. */
final class Downloads {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

  private Downloads() {}

  /** The whole, or the part the call asks for; 416 when that part lies outside. */
  static Reply serve(Call call, Body whole, String contentType, String tag) {
    String quoted = '"' + tag + '"';
    Reply reply =
        Reply.of(200, contentType, whole).with("Accept-Ranges", "bytes").with("ETag", quoted);
    Matcher range = RANGE.matcher(call.header("Range").orElse(""));
    boolean changed = !call.header("If-Range").orElse(quoted).equals(quoted);
    if (changed || !range.matches() || range.group().equals("bytes=-")) {
      return reply;
    }
    return part(reply, number(range.group(1)), number(range.group(2)));
  }

  private static Reply part(Reply reply, Optional<Long> from, Optional<Long> to) {
    Body whole = reply.body();
    long length = whole.length();
    long first = from.orElseGet(() -> Math.max(0, length - to.orElseThrow()));
    long last = from.isEmpty() ? length - 1 : Math.min(to.orElse(Long.MAX_VALUE), length - 1);
    if (first > last) {
      return Reply.empty(416).with("Content-Range", "bytes */" + length);
    }
    return new Reply(206, reply.headers(), whole.slice(first, last - first + 1))
        .with("Content-Range", "bytes %d-%d/%d".formatted(first, last, length));
  }

  private static Optional<Long> number(String digits) {
    return digits.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(digits));
  }
}
