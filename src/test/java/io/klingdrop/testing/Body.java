package io.klingdrop.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of an answer, opened anew for each use and never held in memory for being long.
 *
 * @param length how many bytes there are
 * @param source opens them from the first byte; may give more than {@code length}, which are then
 *     not used
 */
public record Body(long length, Source source) {

  /** Opens the bytes. */
  public interface Source {
    InputStream open() throws IOException;
  }

  public static Body of(byte[] bytes) {
    return new Body(bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  public static Body of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public static Body of(Path file) throws IOException {
    return new Body(Files.size(file), () -> Files.newInputStream(file));
  }

  /** The beginning, followed by as many spaces as it takes to reach the length. */
  public static Body padded(byte[] beginning, long length) {
    return new Body(length, () -> new Padded(beginning));
  }

  /** A part of these bytes. */
  Body slice(long from, long count) {
    return new Body(
        count,
        () -> {
          InputStream in = source.open();
          in.skipNBytes(from);
          return in;
        });
  }

  /** Writes {@code count} bytes, the first of them the one at {@code from}. */
  void copy(OutputStream out, long from, long count) throws IOException {
    try (InputStream in = source.open()) {
      in.skipNBytes(from);
      byte[] buffer = new byte[1 << 16];
      for (long left = count; left > 0; ) {
        int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (got < 0) {
          throw new IOException("the body ended %d bytes too early".formatted(left));
        }
        out.write(buffer, 0, got);
        left -= got;
      }
    }
  }

  byte[] bytes() throws IOException {
    try (InputStream in = source.open()) {
      return in.readNBytes(Math.toIntExact(length));
    }
  }

  /** Never ends: a beginning and then spaces. */
  private static final class Padded extends InputStream {
    private final byte[] beginning;
    private int position;

    Padded(byte[] beginning) {
      this.beginning = beginning;
    }

    @Override
    public int read() {
      return position < beginning.length ? beginning[position++] & 0xff : ' ';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = Math.min(length, beginning.length - position);
      if (count > 0) {
        System.arraycopy(beginning, position, into, offset, count);
        position += count;
        return count;
      }
      Arrays.fill(into, offset, offset + length, (byte) ' ');
      return length;
    }
  }
}
