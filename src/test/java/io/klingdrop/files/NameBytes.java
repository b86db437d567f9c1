package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Any text as the name of a dropped file: every name made of it stays in its folder. */
final class NameBytes {
  private static final Path FOLDER = Path.of("/somewhere/outbox");

  private NameBytes() {}

  static void judge(byte[] bytes) {
    var utf16 = new String(bytes, StandardCharsets.UTF_16BE);
    for (var name : List.of(new String(bytes, StandardCharsets.UTF_8), utf16)) {
      judge(name);
    }
  }

  private static void judge(String name) {
    var safe = Names.safe(name);
    assertThat(Names.safe(safe)).as("made safe twice").isEqualTo(safe);
    inFolder(Names.fit(safe, ""));
    var beside = Names.besideNotes(name);
    assertThat(Names.NOTES).doesNotContain(beside);
    inFolder(Names.fit(beside, "~2"));
    var tail = Names.fit("", Names.extension(safe) + ".json");
    var fit = Names.fit(Names.stem(safe), tail);
    assertThat(fit.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
    assertThat(fit).endsWith(tail);
    inFolder(Names.free(FOLDER, Names.stem(safe), Names.extension(safe)));
    var path = Names.safePath(name);
    if (!path.isEmpty()) {
      assertThat(path.split("/", -1)).hasSameSizeAs(name.split("/", -1));
      assertThat(FOLDER.resolve(path).normalize()).isEqualTo(FOLDER.resolve(path));
    }
  }

  private static void inFolder(String name) {
    assertThat(name.codePoints())
        .noneMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\');
    var file = FOLDER.resolve(name);
    assertThat(file.normalize().getParent()).isEqualTo(FOLDER);
    assertThat(file.getFileName()).hasToString(name);
  }

  static List<byte[]> samples() {
    return List.of(
            "host__01.png",
            "../../etc/passwd",
            "..\\..\\boot.ini",
            "a/b/../c",
            "error.json",
            "CON.png",
            "name. ",
            "\u202egnp.exe",
            "e\u0301\u0301\u0301",
            "new\nline\r.png",
            "x".repeat(300) + ".png",
            "\ud83d\ude00".repeat(80),
            "a." + "b".repeat(300),
            "\ud83d half")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }
}
