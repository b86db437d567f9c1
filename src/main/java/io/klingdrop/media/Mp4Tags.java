package io.klingdrop.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The note on gapless playback that iTunes and programs like it put among the tags: {@code
 * iTunSMPB}, hexadecimal words of which the fourth counts the samples without what the encoder
 * added.
 */
final class Mp4Tags {
  private static final Pattern NOTE =
      Pattern.compile("\\s*[0-9A-Fa-f]{8}(?:\\s+[0-9A-Fa-f]{8}){2}\\s+([0-9A-Fa-f]{16})\\b.*");
  private static final int LONGEST = 512;

  private final FileBytes file;
  private long samples;

  private Mp4Tags(FileBytes file) {
    this.file = file;
  }

  /**
   * Samples of the recording alone, 0 if no note says.
   *
   * @param tags the boxes inside {@code udta}
   */
  static long samples(FileBytes file, Mp4Boxes tags) throws MediaException, IOException {
    var notes = new Mp4Tags(file);
    while (tags.advance()) {
      if (tags.is("meta") && tags.length() > 4) {
        var parts = new Mp4Boxes(file, tags.start() + 4, tags.start() + tags.length());
        parts.each("ilst", list -> list.each("----", notes::take));
      }
    }
    return notes.samples;
  }

  private void take(Mp4Boxes fields) throws MediaException, IOException {
    var note = false;
    while (fields.advance()) {
      if (fields.is("name")) {
        note = fields.length() == 12 && file.matches(fields.start() + 4, "iTunSMPB");
      } else if (note && fields.is("data") && fields.length() > 8) {
        samples = Math.max(samples, parse(fields));
      }
    }
  }

  private long parse(Mp4Boxes data) throws MediaException, IOException {
    var bytes = file.bytes(data.start() + 8, (int) Math.min(LONGEST, data.length() - 8));
    var note = NOTE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    return note.matches() ? Math.max(0, Long.parseUnsignedLong(note.group(1), 16)) : 0;
  }
}
