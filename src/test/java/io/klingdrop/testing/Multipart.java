package io.klingdrop.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code multipart/form-data} body part by part, holding no part in memory. */
final class Multipart {

  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";,\\s]+)\"?");
  private static final Pattern NAME = Pattern.compile("(?<![a-z])name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");

  /** One part's head, and its content to be read before the next part is asked for. */
  record Part(Map<String, String> headers, InputStream content) {

    String name() {
      return find(NAME).orElse("");
    }

    Optional<String> fileName() {
      return find(FILE_NAME);
    }

    String contentType() {
      return headers.getOrDefault("Content-Type", "");
    }

    String text() throws IOException {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }

    private Optional<String> find(Pattern pattern) {
      Matcher matcher = pattern.matcher(headers.getOrDefault("Content-Disposition", ""));
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
  }

  private final InputStream in;
  private final byte[] delimiter;
  private UntilDelimiter current;

  private Multipart(InputStream in, String boundary) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // the first delimiter has no line end before it, so the preamble starts as if it had one
    this.current = new UntilDelimiter(2);
  }

  /** A reader of this body, or empty when the content type is not multipart with a boundary. */
  static Optional<Multipart> of(InputStream in, String contentType) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") && matcher.find()
        ? Optional.of(new Multipart(in, matcher.group(1)))
        : Optional.empty();
  }

  /** The next part, or empty after the last one. */
  Optional<Part> next() throws IOException {
    current.transferTo(OutputStream.nullOutputStream());
    String afterDelimiter = line();
    if (afterDelimiter.startsWith("--")) {
      return Optional.empty();
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a part header: " + line);
      }
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    current = new UntilDelimiter(0);
    return Optional.of(new Part(headers, current));
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        // the last delimiter may end the body without a line end
        break;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /**
   * Content up to the delimiter. The carriage return stands only at the delimiter's beginning, so a
   * match that breaks off can start again at no place but the byte that broke it.
   */
  private final class UntilDelimiter extends InputStream {
    private final byte[] pending = new byte[delimiter.length + 1];
    private int position;
    private int limit;
    private int matched;
    private boolean ended;

    UntilDelimiter(int matched) {
      this.matched = matched;
    }

    @Override
    public int read() throws IOException {
      while (position == limit) {
        if (ended) {
          return -1;
        }
        advance();
      }
      return pending[position++] & 0xff;
    }

    private void advance() throws IOException {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the multipart body has no end");
      }
      if (next == delimiter[matched]) {
        matched++;
        ended = matched == delimiter.length;
        return;
      }
      System.arraycopy(delimiter, 0, pending, 0, matched);
      position = 0;
      limit = matched;
      matched = next == delimiter[0] ? 1 : 0;
      if (matched == 0) {
        pending[limit++] = (byte) next;
      }
    }
  }
}
