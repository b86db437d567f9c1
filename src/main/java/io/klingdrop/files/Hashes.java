package io.klingdrop.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hex. */
public final class Hashes {

  private static final int READINGS = 3;

  private Hashes() {}

  /**
   * The hash of a file's bytes; a symbolic link is refused. A reading that broke off is begun anew
   * a few times, with the file opened again: that is what a stale handle of NFS needs.
   */
  public static String sha256(Path file) throws IOException {
    for (int left = READINGS; ; left--) {
      try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return sha256(in);
      } catch (NoSuchFileException | AccessDeniedException e) {
        throw e;
      } catch (IOException e) {
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  /** The hash of all that can still be read. */
  public static String sha256(InputStream in) throws IOException {
    var digest = digest();
    var buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return hex(digest);
  }

  /** What a digest has come to; it begins anew. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of a text in UTF-8. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A fresh SHA-256 digest. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
