package io.klingdrop.media;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of ISO media file this is, by the brands of its {@code ftyp} box, or for old QuickTime
 * files by their first box. ISO 14496-12:2022, clause 4.3; HEIF brands from ISO 23008-12:2022.
 */
final class Mp4Brand {
  private static final int MOST_BRANDS = 32;
  private static final Set<String> AVIF = Set.of("avif", "avis");
  private static final Set<String> HEIC =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");
  private static final Set<String> SOUND = Set.of("M4A ", "M4B ", "M4P ", "F4A ");
  private static final Set<String> OLD_QUICKTIME =
      Set.of("moov", "mdat", "wide", "free", "skip", "pnot");

  private Mp4Brand() {}

  static Optional<Format> of(FileBytes file) throws MediaException, IOException {
    if (!file.has(0, 12)) {
      return Optional.empty();
    }
    var box = file.code(4);
    if (!box.equals("ftyp")) {
      return OLD_QUICKTIME.contains(box) && isSize(file)
          ? Optional.of(Format.MOV)
          : Optional.empty();
    }
    var major = file.code(8);
    if (SOUND.contains(major)) {
      return Optional.of(Format.M4A);
    }
    if (major.equals("qt  ")) {
      return Optional.of(Format.MOV);
    }
    if (!AVIF.contains(major) && !HEIC.contains(major)) {
      return Optional.of(Format.MP4);
    }
    return Optional.of(AVIF.contains(major) || listsAvif(file) ? Format.AVIF : Format.HEIC);
  }

  /** Whether the first four bytes can be a size; those of a text are letters, so too large. */
  private static boolean isSize(FileBytes file) throws MediaException, IOException {
    return file.u8(0) < '\t' || file.u32be(0) <= file.size();
  }

  private static boolean listsAvif(FileBytes file) throws MediaException, IOException {
    var end = Math.min(file.u32be(0), 16 + 4 * MOST_BRANDS);
    for (var position = 16L; position < end && file.has(position, 4); position += 4) {
      if (AVIF.contains(file.code(position))) {
        return true;
      }
    }
    return false;
  }
}
