package io.klingdrop.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/**
 * The bytes of one file by position, through one window of fixed size: whatever the file claims, no
 * more memory than this is used, and whatever it holds, no more than 128 MB of a picture and 1 GB
 * of anything else are read. Every read past the end says that the file is cut off. Not
 * thread-safe; one reader per look at a file.
 */
final class FileBytes implements Closeable {
  /** Holds any audio frame and the header behind it, so looking one frame ahead is cheap. */
  private static final int WINDOW = 32 * 1024;

  private static final int LOOK_BACK = 32;
  private static final int MOST_WINDOWS_OF_A_PICTURE = 4 * 1024;
  private static final int MOST_WINDOWS = 32 * 1024;

  private final FileChannel channel;
  private final MediaKind kind;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long windowStart;
  private int windows;

  private FileBytes(FileChannel channel, MediaKind kind) throws IOException {
    this.channel = channel;
    this.kind = kind;
    this.size = channel.size();
  }

  /**
   * @throws MediaException when the path leads to a folder or a device; such a thing is not opened
   */
  static FileBytes open(Path path, MediaKind kind) throws MediaException, IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new MediaException("it is a folder, not a " + kind.noun());
    }
    if (!attributes.isRegularFile()) {
      throw new MediaException("it is not an ordinary file");
    }
    var channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new FileBytes(channel, kind);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  long size() {
    return size;
  }

  MediaKind kind() {
    return kind;
  }

  /** Whether {@code length} bytes exist from {@code position} on. */
  boolean has(long position, long length) {
    return position >= 0 && length >= 0 && position <= size && length <= size - position;
  }

  int u8(long position) throws MediaException, IOException {
    var offset = position - windowStart;
    if (offset < 0 || offset >= window.limit()) {
      load(position);
      offset = position - windowStart;
    }
    return window.get((int) offset) & 0xff;
  }

  int u16be(long position) throws MediaException, IOException {
    return u8(position) << 8 | u8(position + 1);
  }

  int u16le(long position) throws MediaException, IOException {
    return u8(position + 1) << 8 | u8(position);
  }

  int u24be(long position) throws MediaException, IOException {
    return u8(position) << 16 | u16be(position + 1);
  }

  int u24le(long position) throws MediaException, IOException {
    return u8(position + 2) << 16 | u16le(position);
  }

  long u32be(long position) throws MediaException, IOException {
    return (long) u16be(position) << 16 | u16be(position + 2);
  }

  long u32le(long position) throws MediaException, IOException {
    return (long) u16le(position + 2) << 16 | u16le(position);
  }

  /** Eight bytes, high byte first; negative when the top bit is set. */
  long i64be(long position) throws MediaException, IOException {
    return u32be(position) << 32 | u32be(position + 4);
  }

  /** Eight bytes, low byte first; negative when the top bit is set. */
  long i64le(long position) throws MediaException, IOException {
    return u32le(position + 4) << 32 | u32le(position);
  }

  /**
   * Whether these characters stand at this position, any byte for a question mark; false when the
   * file ends before.
   */
  boolean matches(long position, String latin1) throws MediaException, IOException {
    if (!has(position, latin1.length())) {
      return false;
    }
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) != '?' && u8(position + i) != latin1.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A four-character code. */
  String code(long position) throws MediaException, IOException {
    return new String(bytes(position, 4), StandardCharsets.ISO_8859_1);
  }

  byte[] bytes(long position, int count) throws MediaException, IOException {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) u8(position + i);
    }
    return bytes;
  }

  /** Whether all bytes between two positions inside the file, the second excluded, are zero. */
  boolean zeros(long from, long to) throws MediaException, IOException {
    for (var position = from; position < to; position++) {
      if (u8(position) != 0) {
        return false;
      }
    }
    return true;
  }

  MediaException cutOff() {
    return new MediaException(
        String.format(Locale.ROOT, "the %s is cut off after %,d bytes", kind.noun(), size));
  }

  MediaException damaged(String what) {
    return new MediaException("the %s is damaged: %s".formatted(kind.noun(), what));
  }

  /**
   * For a file of full size whose bytes never came: it was made large first, and filled in part.
   */
  MediaException empty(long from) {
    return hole(
        "is empty from byte %,d of %,d on, only zeros follow: copying it has stopped there", from);
  }

  /** The same for a gap with more behind it. */
  MediaException gap(long from) {
    return hole(
        "has a gap at byte %,d of %,d, only zeros stand there: copying it has left it out", from);
  }

  private MediaException hole(String what, long from) {
    var where = String.format(Locale.ROOT, what, from, size);
    return new MediaException("the %s %s; copy the file again".formatted(kind.noun(), where));
  }

  private void load(long position) throws MediaException, IOException {
    if (!has(position, 1)) {
      throw cutOff();
    }
    if (++windows > (kind == MediaKind.IMAGE ? MOST_WINDOWS_OF_A_PICTURE : MOST_WINDOWS)) {
      throw new MediaException("the %s is too large to be looked through".formatted(kind.noun()));
    }
    window.clear();
    windowStart = Math.max(0, position - LOOK_BACK);
    while (window.hasRemaining() && channel.read(window, windowStart + window.position()) > 0) {}
    window.flip();
    if (position - windowStart >= window.limit()) {
      throw cutOff();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
