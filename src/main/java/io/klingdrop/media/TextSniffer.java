package io.klingdrop.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells pages, data and prose from sound and pictures: what servers send when they have no file.
 */
final class TextSniffer {
  private static final int LOOK = 1_024;
  private static final int ESCAPE = 0x1b;

  private TextSniffer() {}

  static Optional<Format> sniff(FileBytes file) throws MediaException, IOException {
    if (file.matches(0, "\u00ff\u00fe") || file.matches(0, "\u00fe\u00ff")) {
      return Optional.of(Format.TEXT);
    }
    var bytes = file.bytes(0, (int) Math.min(LOOK, file.size()));
    var high = 0;
    for (byte value : bytes) {
      if (!isText(value)) {
        return Optional.empty();
      }
      high += value < 0 ? 1 : 0;
    }
    if (bytes.length == 0 || (high > bytes.length / 4 && !isUtf8(bytes))) {
      return Optional.empty();
    }
    var text = new String(bytes, StandardCharsets.UTF_8).replace("\ufeff", "").strip();
    return Optional.of(markup(text.toLowerCase(Locale.ROOT)));
  }

  private static boolean isText(byte value) {
    var white = value >= '\t' && value <= '\r';
    var visible = value < 0 || (value >= ' ' && value != 0x7f);
    return white || visible || value == ESCAPE;
  }

  /** Whether at most the last character, which may be cut, is not UTF-8. */
  private static boolean isUtf8(byte[] bytes) {
    var sure = bytes.length < LOOK ? bytes.length : LOOK - 3;
    var text = new String(bytes, 0, sure, StandardCharsets.UTF_8);
    var bad = text.indexOf('\ufffd');
    return bad < 0 || (bytes.length == LOOK && bad == text.length() - 1);
  }

  private static Format markup(String text) {
    if (text.startsWith("{") || text.startsWith("[")) {
      return Format.JSON;
    }
    if (!text.startsWith("<")) {
      return Format.TEXT;
    }
    if (text.startsWith("<!doctype html") || text.contains("<html") || text.contains("<body")) {
      return Format.HTML;
    }
    if (text.contains("<svg")) {
      return Format.SVG;
    }
    return text.startsWith("<?xml") || !text.contains("<p") ? Format.XML : Format.HTML;
  }
}
