package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.SettingsException;
import io.klingdrop.settings.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Any bytes as a file of settings and as a table of errors: read, or refused in words. */
final class TableBytes {
  private final Path folder;
  private final Path settings;
  private final Path table;

  TableBytes(Path folder) {
    this.folder = folder;
    try {
      settings =
          Files.createDirectories(folder.resolve("config")).resolve("application.properties");
      table = Files.createDirectories(folder.resolve("errors")).resolve("kie.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void judge(byte[] bytes) {
    try {
      Files.write(settings, bytes);
      Files.write(table, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      SettingsReader.load(folder, Map.of(), Map.of());
    } catch (SettingsException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      assertThat(ErrorTable.load(folder, "kie").meaning(Call.CREATE, "500", "no", 200)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  static List<byte[]> samples() {
    return List.of(
            "klingdrop.inbox.settle=5s\nklingdrop.provider.kie.create-rate = 18/10s\n",
            "klingdrop.result.max-size: 2GB\nklingdrop.poll.max=60s\nklingdrop.nonsense=1\n",
            "klingdrop.provider.kie.base-url=https://a.example/x?y#z\n",
            "klingdrop.inbox.dir=a\\u0000b\\\n c\n",
            "klingdrop.provider.kie.api-key_FILE=/dev/null\n",
            "klingdrop.provider.relay.extra-body={\"a\":1}\nklingdrop.deliver.targets=file\n",
            "- {on: [create], code: \"401\", means: key}\n"
                + "- {on: [task], message: \"a|b\", means: busy}\n",
            "- on: [record]\n  http: \"5[0-9]{2}\"\n  means: no-word\n",
            "- {on: [create], code: \"(\", means: key}\n",
            "- &a [*a]\n")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }
}
