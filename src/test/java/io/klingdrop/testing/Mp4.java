package io.klingdrop.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** A small real MP4 file: one H.264 track that shows a single picture for its whole length. */
final class Mp4 {

  private static final int TIMESCALE = 1000;
  private static final int[] IDENTITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  private Mp4() {}

  /**
   * A video no other label has the bytes of.
   *
   * @param length what the headers say, in whole milliseconds
   * @param label stands readable in the media data
   * @param padding further random bytes in the media data that no sample refers to
   */
  static byte[] video(Duration length, String label, int padding) {
    var random = new Random(label.hashCode());
    byte[] slice = StillPicture.slice(random);
    byte[] extra = new byte[padding];
    random.nextBytes(extra);
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    byte[] fileType = box("ftyp", text("isom"), ints(0x200), text("isomiso2avc1mp41"));
    int millis = Math.toIntExact(length.toMillis());
    int sampleSize = 4 + slice.length;
    int headSize = fileType.length + movie(millis, sampleSize, 0).length;
    byte[] movie = movie(millis, sampleSize, headSize + 8 + name.length);
    return join(fileType, movie, box("mdat", name, ints(slice.length), slice, extra));
  }

  /**
   * A valid video of exactly that many bytes, mostly spaces in its media data.
   *
   * @throws IllegalArgumentException if the length is below 10 kB, or 4 GiB and above
   */
  static Body padded(Duration length, String label, long bytes) {
    byte[] video = video(length, label, 0);
    if (bytes < video.length || bytes >= 1L << 32) {
      throw new IllegalArgumentException("a video cannot have %d bytes".formatted(bytes));
    }
    int mediaData = indexOf(video, text("mdat")) - 4;
    ByteBuffer.wrap(video).putInt(mediaData, (int) (bytes - mediaData));
    return Body.padded(video, bytes);
  }

  private static byte[] movie(int millis, int sampleSize, int sampleOffset) {
    byte[] header =
        box(
            "mvhd",
            ints(0, 0, 0, TIMESCALE, millis, 0x10000, 0x01000000, 0, 0),
            ints(IDENTITY),
            ints(0, 0, 0, 0, 0, 0, 2));
    return box("moov", header, track(millis, sampleSize, sampleOffset));
  }

  private static byte[] track(int millis, int sampleSize, int sampleOffset) {
    int side = StillPicture.SIDE << 16;
    byte[] header =
        box("tkhd", ints(7, 0, 0, 1, 0, millis, 0, 0, 0, 0), ints(IDENTITY), ints(side, side));
    byte[] media =
        box(
            "mdia",
            box("mdhd", ints(0, 0, 0, TIMESCALE, millis, 0x55c40000)),
            box("hdlr", ints(0, 0), text("vide"), ints(0, 0, 0), text("video\0")),
            box(
                "minf",
                box("vmhd", ints(1, 0, 0)),
                box("dinf", box("dref", ints(0, 1), box("url ", ints(1)))),
                samples(millis, sampleSize, sampleOffset)));
    return box("trak", header, media);
  }

  private static byte[] samples(int millis, int sampleSize, int sampleOffset) {
    return box(
        "stbl",
        box("stsd", ints(0, 1), description()),
        box("stts", ints(0, 1, 1, millis)),
        box("stsc", ints(0, 1, 1, 1, 1)),
        box("stsz", ints(0, 0, 1, sampleSize)),
        box("stco", ints(0, 1, sampleOffset)));
  }

  private static byte[] description() {
    byte[] sequence = StillPicture.sequenceParameters();
    byte[] picture = StillPicture.pictureParameters();
    byte[] size = ints(StillPicture.SIDE << 16 | StillPicture.SIDE);
    byte[] configuration =
        box(
            "avcC",
            new byte[] {1, sequence[1], sequence[2], sequence[3], (byte) 0xff, (byte) 0xe1},
            lengthOf(sequence),
            sequence,
            new byte[] {1},
            lengthOf(picture),
            picture);
    return box(
        "avc1",
        ints(0, 1, 0, 0, 0, 0),
        size,
        ints(0x480000, 0x480000, 0),
        new byte[] {0, 1},
        new byte[32],
        new byte[] {0, 24, -1, -1},
        configuration);
  }

  private static byte[] box(String type, byte[]... content) {
    byte[] joined = join(content);
    return join(ints(8 + joined.length), text(type), joined);
  }

  private static int indexOf(byte[] in, byte[] what) {
    return new String(in, StandardCharsets.ISO_8859_1)
        .indexOf(new String(what, StandardCharsets.ISO_8859_1));
  }

  private static byte[] lengthOf(byte[] bytes) {
    return new byte[] {0, (byte) bytes.length};
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    buffer.asIntBuffer().put(values);
    return buffer.array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }
}
