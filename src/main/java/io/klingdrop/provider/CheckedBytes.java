package io.klingdrop.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The bytes of a file while they are sent. Their end is given out only if all of them are those
 * that were checked, so nobody can take a changed file for a whole one. For one thread.
 */
public final class CheckedBytes extends InputStream {
  private final InputStream in;
  private final Media media;
  private final MessageDigest digest = Signatures.sha256();
  private long left;
  private boolean changed;

  public CheckedBytes(Media media) throws IOException {
    this.in = Files.newInputStream(media.file(), LinkOption.NOFOLLOW_LINKS);
    this.media = media;
    this.left = media.bytes();
  }

  /** Whether other bytes than those that were checked have been met. */
  public boolean changed() {
    return changed;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int most) throws IOException {
    if (left == 0) {
      return -1;
    }
    var read = in.read(buffer, offset, (int) Math.min(most, left));
    if (read < 0) {
      throw broken();
    }
    digest.update(buffer, offset, read);
    left -= read;
    if (left == 0
        && (in.read() >= 0 || !HexFormat.of().formatHex(digest.digest()).equals(media.sha256()))) {
      throw broken();
    }
    return read;
  }

  private IOException broken() {
    changed = true;
    return new IOException(media.file().getFileName() + " changed since it was checked");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
