package io.klingdrop.media;

import java.io.IOException;

/**
 * How the sound of a track is stored, by its sample description. ISO 14496-12:2022, clause 12.2;
 * QuickTime File Format, 2016, "Sound Sample Descriptions"; object types by mp4ra.org and ISO
 * 14496-1:2010, clause 7.2.6.
 *
 * @param word as in {@link AudioFacts#codec}
 * @param perSecond samples a second that its packets are counted in, 0 if not known
 * @param perPacket samples of a packet, 0 if not known
 */
record Mp4Codec(String word, int perSecond, int perPacket) {
  static final Mp4Codec NONE = new Mp4Codec("", 0, 0);

  private static final int LOOK = 1_024;

  /**
   * @param entry where the first entry of the description starts, its size first
   * @param end behind the last one
   */
  static Mp4Codec at(FileBytes file, long entry, long end) throws MediaException, IOException {
    if (end - entry < 8) {
      return NONE;
    }
    var type = file.code(entry + 4);
    return switch (type) {
      case "lpcm", "sowt", "twos", "raw ", "NONE", "in24", "in32", "ipcm" -> named("pcm");
      case "ulaw" -> named("mulaw");
      case "mp4a" -> described(file, entry, Math.min(end, entry + LOOK));
      case "alac", "alaw", "opus" -> named(type);
      case "Opus" -> named("opus");
      case "fLaC" -> named("flac");
      case "fl32", "fl64", "fpcm" -> named("float");
      case ".mp3", "mp3 ", "ms\0U" -> named("mp3");
      case "ac-3" -> named("ac3");
      case "ec-3" -> named("eac3");
      case "samr", "sawb" -> named("amr");
      case "ima4", "ms\0\u0011", "ms\0\u0002" -> named("adpcm");
      case "enca", "drms" ->
          throw new MediaException(
              "the recording is copy-protected, nobody else can play it; export it without"
                  + " protection");
      default -> named(type.replaceAll("[^A-Za-z0-9]", "").strip());
    };
  }

  /** Whether its bytes are the samples themselves, so that zeros are silence. */
  boolean plain() {
    return Sound.isPlain(word);
  }

  private static Mp4Codec named(String word) {
    return new Mp4Codec(word.isEmpty() ? "unknown" : word, 0, 0);
  }

  /** What an {@code esds} box says, which may stand inside other boxes of the entry. */
  private static Mp4Codec described(FileBytes file, long entry, long end)
      throws MediaException, IOException {
    for (var position = entry + 8; position + 40 < end; position++) {
      if (file.u8(position) == 'e' && file.matches(position, "esds")) {
        return descriptor(file, position + 8, end);
      }
    }
    return named("aac");
  }

  private static Mp4Codec descriptor(FileBytes file, long start, long end)
      throws MediaException, IOException {
    var position = behindHeader(file, start, 3, end);
    if (position < 0 || position + 3 > end) {
      return named("aac");
    }
    var flags = file.u8(position + 2);
    position += 3 + ((flags & 0x80) != 0 ? 2 : 0) + ((flags & 0x20) != 0 ? 2 : 0);
    position = behindHeader(file, position, 4, end);
    if (position < 0 || position + 13 > end) {
      return named("aac");
    }
    return switch (file.u8(position)) {
      case 0x40, 0x66, 0x67, 0x68 -> aac(file, behindHeader(file, position + 13, 5, end));
      case 0x69, 0x6b -> named("mp3");
      case 0xa5 -> named("ac3");
      case 0xa6 -> named("eac3");
      case 0xad -> named("opus");
      case 0xdd -> named("vorbis");
      default -> named("unknown");
    };
  }

  /** The first bits of an AudioSpecificConfig. ISO 14496-3:2009, clause 1.6.2.1. */
  private static Mp4Codec aac(FileBytes file, long config) throws MediaException, IOException {
    if (config < 0 || !file.has(config, 3)) {
      return named("aac");
    }
    var bits = file.u24be(config);
    var kind = bits >> 19;
    var rate = AdtsReader.rate(bits >> 15 & 15);
    var known = kind == 2 || kind == 5 || kind == 29;
    var shorter = kind == 2 && (bits & 0x400) != 0;
    return new Mp4Codec("aac", known ? rate : 0, known ? (shorter ? 960 : 1_024) : 0);
  }

  /** Where the content of a descriptor starts, -1 if another one or none stands here. */
  private static long behindHeader(FileBytes file, long position, int tag, long end)
      throws MediaException, IOException {
    if (position < 0 || position + 5 >= end || file.u8(position) != tag) {
      return -1;
    }
    for (int i = 1; i <= 4; i++) {
      if (file.u8(position + i) < 0x80) {
        return position + i + 1;
      }
    }
    return -1;
  }
}
