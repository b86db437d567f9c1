package io.klingdrop.fetch;

import io.klingdrop.fault.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/** A strong entity tag kept beside a part, by which its download may be continued. */
final class PartNote {
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})", Pattern.CASE_INSENSITIVE);

  private final Path part;
  private final Path note;

  PartNote(Path part) {
    this.part = part;
    this.note = part.resolveSibling(part.getFileName() + ".etag");
  }

  /** How many bytes of the part can be built upon, 0 if none. */
  long resumeFrom() throws IOException {
    return Files.exists(note) && Files.exists(part) ? Files.size(part) : 0;
  }

  String validator() throws IOException {
    return Files.readString(note).strip();
  }

  /** Whether a 206 answer continues exactly the part that is here, to the end of the file. */
  boolean matches(ClassicHttpResponse response, long have) throws IOException {
    var range = value(response, HttpHeaders.CONTENT_RANGE);
    var tag = value(response, HttpHeaders.ETAG);
    return toTheEnd(range, have) && (tag.isEmpty() || tag.equals(validator()));
  }

  /** A server may send less than it was asked for (RFC 9110, 15.3.7). */
  private static boolean toTheEnd(String range, long have) {
    var matcher = RANGE.matcher(range);
    return matcher.matches()
        && Long.parseLong(matcher.group(1)) == have
        && Long.parseLong(matcher.group(2)) + 1 == Long.parseLong(matcher.group(3));
  }

  void keep(ClassicHttpResponse response) throws IOException {
    var tag = value(response, HttpHeaders.ETAG);
    if (tag.startsWith("\"")) {
      Files.writeString(note, tag);
      CrashPoint.at("fetch.tag-kept");
    } else {
      forget();
    }
  }

  void forget() throws IOException {
    Files.deleteIfExists(note);
  }

  private static String value(ClassicHttpResponse response, String name) {
    Header header = response.getFirstHeader(name);
    return header == null || header.getValue() == null ? "" : header.getValue();
  }
}
