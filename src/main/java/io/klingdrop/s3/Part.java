package io.klingdrop.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A stretch of an object, read anew from its first byte for each try. For one thread. */
final class Part implements ContentStreamProvider, AutoCloseable {
  private final ContentStreamProvider whole;
  private final long from;
  private final long length;
  private @Nullable InputStream open;

  /** The bytes from {@code from} on, {@code length} of them. */
  Part(ContentStreamProvider whole, long from, long length) {
    this.whole = whole;
    this.from = from;
    this.length = length;
  }

  long length() {
    return length;
  }

  @Override
  public InputStream newStream() {
    try {
      close();
      var in = whole.newStream();
      open = in;
      in.skipNBytes(from);
      return new Bounded(in, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The MD5 of the stretch in Base64, as S3 wants it. */
  String md5() {
    try {
      var digest = MessageDigest.getInstance("MD5");
      var nowhere = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      if (newStream().transferTo(nowhere) < length) {
        throw new IOException("the file became shorter while it was sent");
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends after so many bytes, whatever comes after them. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int most) throws IOException {
      if (left <= 0) {
        return -1;
      }
      var read = in.read(buffer, offset, (int) Math.min(most, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
