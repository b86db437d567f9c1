package io.klingdrop.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ParametersTest {
  @TempDir Path folder;

  @Test
  void aTextFileIsThePromptWithoutItsLastLineEnds() throws IOException {
    var read = read("host.txt", "  She smiles.\r\nShe nods. \r\n\n");
    assertThat(read.get("prompt").orElseThrow().value().textValue())
        .isEqualTo("  She smiles.\r\nShe nods. ");
    assertThat(read.get("prompt").orElseThrow().origin()).isEqualTo("host.txt");
  }

  @Test
  void whatAnEditorSavedWithFontsIsNoPrompt() {
    for (var text :
        List.of(
            "{\\rtf1\\ansi{\\fonttbl Helvetica;}\\f0 She smiles.}",
            "\uFEFF{\\rtf1 She smiles.}",
            "\n<!DOCTYPE html><p>She smiles.",
            "<HTML><body>She smiles.",
            "%PDF-1.4 ")) {
      assertThatExceptionOfType(ParametersException.class)
          .isThrownBy(() -> read("host.txt", text))
          .withMessageContainingAll("host.txt:1", "save it as plain text");
    }
  }

  @Test
  void anEmptyTextFileIsAnEmptyPrompt() throws IOException {
    assertThat(text(read("host.TXT", ""), "prompt")).isEmpty();
  }

  @Test
  void aByteOrderMarkIsNotPartOfThePrompt() throws IOException {
    assertThat(text(read("host.txt", "\uFEFFHello"), "prompt")).isEqualTo("Hello");
    assertThat(text(read("host.json", "\uFEFF{\"prompt\":\"Hello\"}"), "prompt"))
        .isEqualTo("Hello");
    assertThat(text(read("host.yaml", "\uFEFFprompt: Hello"), "prompt")).isEqualTo("Hello");
  }

  @Test
  void aYamlSidecarKeepsTheLineOfEachValue() throws IOException {
    var read =
        read("host.yaml", "# mood\nprompt: |\n  one\n  two\n\ncfg_scale: 0.50\nduration: 5\n");
    assertThat(text(read, "prompt")).isEqualTo("one\ntwo\n");
    assertThat(origin(read, "prompt")).isEqualTo("host.yaml:2");
    assertThat(origin(read, "cfg_scale")).isEqualTo("host.yaml:6");
    assertThat(read.get("cfg_scale").orElseThrow().value().decimalValue()).hasToString("0.50");
    assertThat(read.get("duration").orElseThrow().value().isInt()).isTrue();
  }

  @Test
  void aJsonSidecarKeepsTheLineOfEachValueAndEveryDigit() throws IOException {
    var read = read("host.json", "{\n  \"prompt\": \"a\",\n  \"cfg_scale\": 0.10\n}\n");
    assertThat(origin(read, "cfg_scale")).isEqualTo("host.json:3");
    assertThat(read.get("cfg_scale").orElseThrow().value().decimalValue()).hasToString("0.10");
  }

  @Test
  void onlyWhatIsPlainlyANumberOrTruthValueBecomesOne() throws IOException {
    var read = read("host.yaml", "a: yes\nb: 007\nc: 0x1F\nd: .nan\ne: 1:30\nf: -2\ng: 2024-01-01");
    for (String key : List.of("a", "b", "c", "d", "e", "g")) {
      assertThat(read.get(key).orElseThrow().value().isTextual()).as(key).isTrue();
    }
    assertThat(read.get("f").orElseThrow().value().intValue()).isEqualTo(-2);
  }

  @Test
  void charactersOfTwoCodeUnitsMayStandAnywhereInYaml() throws IOException {
    for (int padding = 1000; padding < 1030; padding++) {
      String prompt = "x".repeat(padding) + "\uD83D\uDE00".repeat(600);
      assertThat(text(read("host.yaml", "prompt: " + prompt), "prompt")).isEqualTo(prompt);
    }
  }

  @Test
  void anEmptyYamlFileHasNoParameters() throws IOException {
    assertThat(read("host.yaml", "").settings()).isEmpty();
    assertThat(read("host.yml", "# nothing yet\n").settings()).isEmpty();
  }

  @Test
  @Timeout(300)
  void anAliasBombIsRefusedAtItsFirstAnchor() {
    refused("bomb.yaml", "a: &a [x, x]\nb: &b [*a, *a]\n", "bomb.yaml:1: uses an anchor");
    refused("bomb.yaml", "a: 1\nb: *a\n", "bomb.yaml:2: uses an alias");
    refused("bomb.yaml", "a: 1\n&k b: 2\n", "bomb.yaml:2: uses a tag");
  }

  @Test
  void aTagIsRefused() {
    refused("x.yaml", "a: !!java.net.URL [\"http://localhost\"]\n", "x.yaml:1: uses a tag");
  }

  @Test
  void aFileOfAMegabyteIsRefused() {
    refused("big.txt", "x".repeat(1_000_000), "big.txt: is larger than 256 KB");
    refused("big.json", "{\"prompt\":\"" + "x".repeat(1_000_000) + "\"}", "larger than 256 KB");
  }

  @Test
  @Timeout(300)
  void deepNestingIsRefused() {
    refused("deep.json", "{\"a\":" + "[".repeat(100_000), "nested deeper");
    refused("deep.yaml", "a: " + "[".repeat(100_000), "nested deeper");
  }

  @Test
  void aTabAsIndentationIsNamedWithItsLine() {
    refused("tab.yaml", "prompt: a\nx:\n\ty: 1\n", "tab.yaml:3: is not valid YAML");
  }

  @Test
  void textInLatin1IsRefusedWithTheLine() throws IOException {
    Path file = folder.resolve("host.txt");
    Files.write(file, "erste Zeile\nsch\u00F6n".getBytes(ISO_8859_1));
    assertThatExceptionOfType(ParametersException.class)
        .isThrownBy(() -> Parameters.read(file, "host.txt"))
        .withMessage("host.txt:2: is not UTF-8 text (byte 0xF6); save it as UTF-8");
  }

  @Test
  void aTruncatedLastCharacterIsRefused() throws IOException {
    Path file = folder.resolve("host.txt");
    Files.write(file, new byte[] {'a', (byte) 0xE4, (byte) 0xBD});
    assertThatExceptionOfType(ParametersException.class)
        .isThrownBy(() -> Parameters.read(file, "host.txt"))
        .withMessageContaining("is not UTF-8");
  }

  @Test
  void textInUtf16IsNamedAsSuch() throws IOException {
    Path file = folder.resolve("host.txt");
    Files.write(file, "\uFEFFHello".getBytes(UTF_16LE));
    assertThatExceptionOfType(ParametersException.class)
        .isThrownBy(() -> Parameters.read(file, "host.txt"))
        .withMessage("host.txt: is UTF-16 text; save it as UTF-8");
  }

  @Test
  void aKeySetTwiceIsRefused() {
    refused("a.json", "{\"prompt\":\"a\",\n\"prompt\":\"b\"}", "a.json:2: \"prompt\" is set twice");
    refused("a.yaml", "prompt: a\nprompt: b\n", "a.yaml:2: \"prompt\" is set twice");
  }

  @Test
  void jsonIsStrict() {
    refused("a.json", "{\"cfg_scale\": NaN}", "a.json:1: is not valid JSON (column");
    refused("a.json", "{\"a\": 1,\n}", "a.json:2: is not valid JSON (column 1)");
    refused("a.json", "{'a': 1}", "is not valid JSON");
    refused("a.json", "{\"a\": 1} // x", "is not valid JSON");
    refused("a.json", "{\"a\": 1} {}", "has something after");
    refused("a.json", "{\"a\": 01}", "is not valid JSON");
    refused("a.json", "{\"a\": \"\n\"}", "is not valid JSON");
    refused("a.json", "{\"a\": 1e999999999}", "a number too large");
    refused("a.json", "{\"a\": " + "9".repeat(2000) + "}", "a.json:1: has a number too large");
    refused("a.json", "", "is empty");
    refused("a.json", "{\"a\"", "is not valid JSON");
  }

  @Test
  void anythingButAMappingIsRefused() {
    refused("a.json", "[1]", "but is a list");
    refused("a.yaml", "just a prompt", "but is one text");
    refused("a.yaml", "- a\n- b", "but is a list");
    refused("a.yaml", "a: 1\n---\nb: 2\n", "second YAML document");
    refused("a.yaml", "[1, 2]: x", "has a key that is not plain text");
  }

  @Test
  void aControlCharacterInYamlIsRefused() {
    refused("a.yaml", "x: 1\nprompt: a\u0007b", "a.yaml:2: is not valid YAML: it holds a control");
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    Path target = Files.writeString(folder.resolve("secret.txt"), "secret");
    Path link = Files.createSymbolicLink(folder.resolve("host.txt"), target);
    assertThatIOException().isThrownBy(() -> Parameters.read(link, "host.txt"));
  }

  @Test
  void anotherExtensionIsRefused() {
    refused("host.doc", "x", "host.doc: is not a sidecar");
  }

  @Test
  void theLaterSourceWinsParameterByParameter() throws IOException {
    var merged =
        Parameters.merge(
            List.of(
                read("profile.yaml", "duration: \"5\"\nprompt: a\n"),
                read("_defaults.yaml", "prompt: b\nsound: true\n"),
                read("host.txt", "c")));
    assertThat(text(merged, "prompt")).isEqualTo("c");
    assertThat(text(merged, "duration")).isEqualTo("5");
    assertThat(origin(merged, "sound")).isEqualTo("_defaults.yaml:2");
    assertThat(origin(merged, "prompt")).isEqualTo("host.txt");
  }

  @Test
  void aValueHandedOutCannotBeChanged() throws IOException {
    var setting = read("a.json", "{\"a\": [1]}").get("a").orElseThrow();
    ((ArrayNode) setting.value()).add(2);
    assertThat(setting.value()).hasSize(1);
  }

  private void refused(String name, String content, String message) {
    assertThatExceptionOfType(ParametersException.class)
        .isThrownBy(() -> read(name, content))
        .withMessageStartingWith(name)
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\n"));
  }

  private Parameters read(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content.getBytes(UTF_8));
    return Parameters.read(file, name);
  }

  private static String text(Parameters parameters, String name) {
    return parameters.get(name).orElseThrow().value().textValue();
  }

  private static String origin(Parameters parameters, String name) {
    return parameters.get(name).orElseThrow().origin();
  }
}
