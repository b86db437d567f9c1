package io.klingdrop.media;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Tells the format of a file by its first bytes. */
final class Sniffer {
  /** What a file begins with; a question mark stands for any byte. */
  private static final Map<String, Format> AT_START =
      Map.ofEntries(
          Map.entry(PngReader.SIGNATURE, Format.PNG),
          Map.entry("\u00ff\u00d8\u00ff", Format.JPEG),
          Map.entry("GIF87a", Format.GIF),
          Map.entry("GIF89a", Format.GIF),
          Map.entry("II*\0", Format.TIFF),
          Map.entry("MM\0*", Format.TIFF),
          Map.entry("8BPS", Format.PSD),
          Map.entry("fLaC", Format.FLAC),
          Map.entry("RF64", Format.WAV),
          Map.entry("#!AMR", Format.AMR),
          Map.entry("0&\u00b2u\u008ef\u00cf\u0011", Format.WMA),
          Map.entry("%PDF-", Format.PDF),
          Map.entry("PK\u0003\u0004", Format.ZIP),
          Map.entry("\u001f\u008b\b", Format.GZIP),
          Map.entry("RIFF????WEBP", Format.WEBP),
          Map.entry("RIFF????WAVE", Format.WAV),
          Map.entry("RIFF????AVI ", Format.AVI),
          Map.entry("FORM????AIFF", Format.AIFF),
          Map.entry("FORM????AIFC", Format.AIFF),
          Map.entry("BM????\0\0\0\0", Format.BMP));

  private static final int MOST_JUNK = 64 * 1024;
  private static final int SURE_FRAMES = 5;

  private Sniffer() {}

  static Optional<Format> sniff(FileBytes file) throws MediaException, IOException {
    for (var signature : AT_START.entrySet()) {
      if (file.matches(0, signature.getKey())) {
        return Optional.of(signature.getValue());
      }
    }
    if (file.matches(0, "RIFF")) {
      return Optional.empty();
    }
    if (file.matches(0, "OggS")) {
      return Optional.of(ogg(file, 0));
    }
    if (file.matches(0, "\u001aE\u00df\u00a3")) {
      return Optional.of(MatroskaReader.isWebm(file) ? Format.WEBM : Format.MKV);
    }
    var format = Mp4Brand.of(file);
    if (format.isEmpty()) {
      format = bareSound(file);
    }
    if (format.isEmpty()) {
      format = TextSniffer.sniff(file);
    }
    return format.isPresent() ? format : soundBehindJunk(file);
  }

  /** A stream that was tapped somewhere, so that it begins with the end of a frame. */
  private static Optional<Format> soundBehindJunk(FileBytes file)
      throws MediaException, IOException {
    var adts = new FrameWalk(file, file.size(), AdtsReader::at);
    var mp3 = new FrameWalk(file, file.size(), Mp3Frames::at);
    for (var position = 0L; position < MOST_JUNK && file.has(position, 7); position++) {
      if (file.u8(position) == 0xff) {
        if (mp3.runsFrom(position, SURE_FRAMES)) {
          return Optional.of(Format.MP3);
        }
        if (adts.runsFrom(position, SURE_FRAMES)) {
          return Optional.of(Format.AAC);
        }
      }
    }
    return Optional.empty();
  }

  /** Streams without a container, and whatever an ID3 tag was put in front of. */
  private static Optional<Format> bareSound(FileBytes file) throws MediaException, IOException {
    var tag = Id3Tag.length(file, 0);
    if (file.matches(tag, "fLaC")) {
      return Optional.of(Format.FLAC);
    }
    if (tag > 0 && file.matches(tag, "OggS")) {
      return Optional.of(ogg(file, tag));
    }
    if (tag > 0 && file.matches(tag, "RIFF") && file.matches(tag + 8, "WAVE")) {
      return Optional.of(Format.WAV);
    }
    if (tag > 0 && file.matches(tag + 4, "ftyp")) {
      return Optional.of(Format.M4A);
    }
    if (new FrameWalk(file, file.size(), AdtsReader::at).startsAt(tag)) {
      return Optional.of(Format.AAC);
    }
    return tag > 0 || new FrameWalk(file, file.size(), Mp3Frames::at).startsAt(0)
        ? Optional.of(Format.MP3)
        : Optional.empty();
  }

  private static Format ogg(FileBytes file, long start) throws MediaException, IOException {
    return file.matches(start + 28, "\u0080theora") ? Format.OGV : Format.OGG;
  }
}
