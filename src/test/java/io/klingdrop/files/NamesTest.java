package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @TempDir private Path folder;

  static Stream<Arguments> hostile() {
    return Stream.of(
        arguments("", "_"),
        arguments("   ", "_"),
        arguments(".", "_"),
        arguments("..", "_"),
        arguments("...", "_"),
        arguments("../../etc/passwd", ".._.._etc_passwd"),
        arguments("..\\..\\boot.ini", ".._.._boot.ini"),
        arguments("/etc/passwd", "_etc_passwd"),
        arguments("new\nline\r.png", "new_line_.png"),
        arguments("nul\0byte", "nul_byte"),
        arguments("bell\u0007 del\u007f next\u0085", "bell_ del_ next_"),
        arguments("\u001b[31mred", "_[31mred"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileNameBecomesAHarmlessOne(String name, String safe) {
    assertThat(Names.safe(name)).isEqualTo(safe);
    assertThat(folder.resolve(Names.safe(name)).normalize().getParent()).isEqualTo(folder);
  }

  @ParameterizedTest
  @DisabledOnOs(OS.WINDOWS)
  @ValueSource(
      strings = {
        "plain",
        " led and trailed by blanks ",
        "a..b",
        ".hidden",
        "-rf",
        "${body}",
        "$simple{header.CamelFileName}",
        "{{klingdrop.data.dir}}",
        "%2e%2e%2f",
        "a:b*c?d\"e<f>g|h",
        "gr\u00fc\u00dfe \ud83d\ude00",
        "\u202egnp.evil"
      })
  void aNameTheFileSystemTakesStaysAsItIs(String name) throws Exception {
    assertThat(Names.safe(name)).isEqualTo(name);
    assertThat(Files.createFile(folder.resolve(Names.safe(name)))).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "error.json, error~2.json",
    "error.txt, error~2.txt",
    "duplicate.json, duplicate~2.json",
    "error.png, error.png",
    "error~2.json, error~2.json",
    "a/b, a_b",
  })
  void aFileBesideOurNotesNeverHasTheNameOfOne(String name, String beside) {
    assertThat(Names.besideNotes(name)).isEqualTo(beside);
  }

  @Test
  void aSafeNameIsItsOwnSafeName() {
    hostile()
        .map(pair -> Names.safe(String.valueOf(pair.get()[0])))
        .forEach(safe -> assertThat(Names.safe(safe)).isEqualTo(safe));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a/b/c, a/b/c",
    "../../out, _/_/out",
    "/absolute, _/absolute",
    "a//b, a/_/b",
    "a/./b/.., a/_/b/_",
    "a\\..\\b/c, a_.._b/c",
    "trailing/, trailing/_",
  })
  void aHostileSubPathStaysBelowItsTree(String subPath, String safe) {
    assertThat(Names.safePath(subPath)).isEqualTo(safe);
    assertThat(folder.resolve(Names.safePath(subPath)).normalize().startsWith(folder)).isTrue();
  }

  @Test
  void aShortNameIsNotCut() {
    assertThat(Names.fit("name", "~2.mp4")).isEqualTo("name~2.mp4");
    assertThat(Names.fit("x".repeat(251), ".mp4")).hasSize(255);
  }

  @Test
  void aLongNameIsCutInItsStemAndKeepsItsTail() {
    assertThat(Names.fit("x".repeat(300), "~12.mp4")).isEqualTo("x".repeat(248) + "~12.mp4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e9", "\u4e2d", "\ud83d\ude00"})
  void aNameIsCutByBytesAndNeverThroughACharacter(String character) {
    var fitted = Names.fit(character.repeat(200), "~2.mp4");

    var bytes = fitted.getBytes(StandardCharsets.UTF_8);
    assertThat(bytes.length).isBetween(252, 255);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(fitted);
    assertThat(fitted).startsWith(character).endsWith(character + "~2.mp4");
  }

  @Test
  void aTakenNameGetsTheFirstFreeNumber() throws Exception {
    assertThat(Names.free(folder, "a", ".png")).isEqualTo("a.png");
    Files.createFile(folder.resolve("a.png"));
    Files.createDirectory(folder.resolve("a~2.png"));
    Files.createSymbolicLink(folder.resolve("a~3.png"), folder.resolve("nowhere"));
    assertThat(Names.free(folder, "a", ".png")).isEqualTo("a~4.png");
  }

  @Test
  void aTakenNameOfFullLengthIsCutToMakeRoomForTheNumber() throws Exception {
    var stem = "x".repeat(251);
    Files.createFile(folder.resolve(stem + ".png"));

    var free = Names.free(folder, stem, ".png");

    assertThat(free).isEqualTo("x".repeat(249) + "~2.png");
    assertThat(Files.createFile(folder.resolve(free))).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "a.png, a, .png",
    "a.b.png, a.b, .png",
    "a, a, ''",
    ".hidden, .hidden, ''",
    ".hidden.png, .hidden, .png",
    "a., a, .",
    "a...png, a.., .png",
    ".., ., .",
    "'', '', ''",
  })
  void stemAndExtensionPartAtTheLastDotThatIsNotTheFirstCharacter(
      String name, String stem, String extension) {
    assertThat(List.of(Names.stem(name), Names.extension(name))).containsExactly(stem, extension);
  }

  @Test
  void aDiskThatTakesShorterNamesGetsThem(@TempDir Path folder) {
    assertThat(Names.longest(folder)).as("an ordinary disk").isEqualTo(255);
    assertThat(Names.longest(folder.resolve("gone"))).isEqualTo(255);
    assertThat(Names.fit(143, "s".repeat(251), "~2.json")).hasSize(143).endsWith("s~2.json");
    assertThat(Names.fit(143, "ü".repeat(120), ".mp4").getBytes(StandardCharsets.UTF_8))
        .hasSizeBetween(142, 143);
  }
}
