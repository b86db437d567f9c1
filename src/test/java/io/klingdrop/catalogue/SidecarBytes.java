package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a sidecar of every kind, composed for a model with many parameters: they are refused
 * in one line, or read into values that JSON can carry.
 */
final class SidecarBytes {
  private static final List<String> NAMES = List.of("a.yaml", "a.json", "a.txt", "_defaults.yaml");
  private final Path folder;
  private final Model model;

  SidecarBytes(Path folder) {
    this.folder = folder;
    var catalogue = Catalogue.load(List.of());
    this.model = catalogue.modelOf(catalogue.profile("v2-1").orElseThrow());
  }

  void judge(byte[] bytes) {
    for (var name : NAMES) {
      try {
        judge(Files.write(folder.resolve(name), bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void judge(Path file) throws IOException {
    try {
      var read = Parameters.read(file, file.getFileName().toString());
      var composed = RequestComposer.compose(model, Parameters.merge(List.of(read, read)));
      composed.findings().forEach(finding -> oneLine(finding.message()));
      if (!composed.refused()) {
        assertThat(composed.input().toString()).hasSizeLessThan(20_000);
      }
    } catch (ParametersException e) {
      oneLine(e.getMessage());
    }
  }

  private static void oneLine(@Nullable String message) {
    assertThat(message).isNotBlank().hasSizeLessThan(1200);
    assertThat(message.codePoints()).noneMatch(Character::isISOControl);
  }

  static List<byte[]> samples() {
    return List.of(
            "prompt: a smile\nduration: \"5\"\ncfg_scale: 0.5\n",
            "{\"prompt\": \"a smile\", \"duration\": \"5\", \"cfg_scale\": 0.5}",
            "prompt: >-\n  two\n  lines\nnegative_prompt: 'it''s'\ntail: [1, 2.50, {a: ~}]\n",
            "---\nprompt: \"\\u263a \\x41\"\n...\n",
            "a: &x [1]\nb: *x\n",
            "!!binary aGk=\n",
            "prompt: a\nprompt: b\n",
            "{\"a\": [[[[[[[[1]]]]]]]], \"b\": 1e400, \"c\": -0, \"a\\u0000\": null}",
            "? {a: b}\n: c\n",
            "\ufeffprompt: hi\r\n# words\r\n",
            "just words \ud83d\ude00\n")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }
}
