package io.klingdrop.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.ledger.Database;
import io.klingdrop.process.DataLock;
import io.klingdrop.process.KeyFiles;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what klingdrop keeps. */
@DisabledOnOs(OS.WINDOWS)
class FolderCheckTest {
  @TempDir private Path folder;

  private Settings settings() {
    return SettingsReader.load(folder, Map.of(), Map.of());
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }

  private void mode(String path, String mode) throws IOException {
    Files.setPosixFilePermissions(folder.resolve(path), PosixFilePermissions.fromString(mode));
  }

  @Test
  void dataLedgerAndLockAreForThisUserAlone() throws Exception {
    assertThat(FolderCheck.prepare(settings().folders())).isEmpty();
    try (var database = Database.open(settings().database().url(), "", "");
        var lock = DataLock.take(settings().folders().data())) {
      assertThat(database).isNotNull();
      assertThat(lock).isNotNull();
      assertThat(mode("data")).isEqualTo("rwx------");
      assertThat(mode("data/work")).isEqualTo("rwx------");
      for (var file : new String[] {"klingdrop.db", "klingdrop.db-wal", "klingdrop.lock"}) {
        assertThat(mode("data/" + file)).as(file).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void whatAnEarlierVersionLeftOpenIsTightenedAtStart() throws IOException {
    Files.createDirectories(folder.resolve("data/work"));
    Files.createDirectories(folder.resolve("outbox"));
    Files.createFile(folder.resolve("data/klingdrop.db"));
    mode("data", "rwxr-xr-x");
    mode("data/work", "rwxrwxr-x");
    mode("data/klingdrop.db", "rw-r--r--");
    mode("outbox", "rwxr-xr-x");

    assertThat(FolderCheck.prepare(settings().folders())).isEmpty();

    assertThat(mode("data")).isEqualTo("rwx------");
    assertThat(mode("data/work")).isEqualTo("rwx------");
    assertThat(mode("data/klingdrop.db")).isEqualTo("rw-------");
    assertThat(mode("outbox")).as("as the umask says").isEqualTo("rwxr-xr-x");
  }

  @Test
  void keysThatOthersCanReadAreNamed() throws IOException {
    Files.createDirectories(folder.resolve("config"));
    var config = "config/application.properties";
    Files.writeString(folder.resolve(config), "klingdrop.inbox.dir=in\n");
    var key = Files.writeString(folder.resolve("key"), "hush-hush");
    mode(config, "rw-r--r--");
    mode("key", "rw-r-----");
    var environment = Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", key.toString());

    assertThat(KeyFiles.openToOthers(folder, environment))
        .singleElement()
        .asString()
        .startsWith("KLINGDROP_PROVIDER_KIE_API_KEY_FILE: ")
        .contains("chmod 600 " + key);

    mode("key", "rw-------");
    assertThat(KeyFiles.openToOthers(folder, environment)).isEmpty();
    Files.writeString(folder.resolve(config), "klingdrop.provider.kie.api-key=hush-hush\n");
    assertThat(KeyFiles.openToOthers(folder, environment))
        .singleElement()
        .asString()
        .contains("application.properties")
        .doesNotContain("hush");
    mode(config, "rw-------");
    assertThat(KeyFiles.openToOthers(folder, environment)).isEmpty();
  }

  private Settings settings(String key, String value) {
    return SettingsReader.load(folder, Map.of(key, value), Map.of());
  }

  @Test
  void theWorkFolderHoldsNothingElseAndIsNobodyElses() {
    for (var place : List.of("outbox", "inbox/work", ".", "data")) {
      assertThat(FolderCheck.prepare(settings("KLINGDROP_WORK_DIR", place).folders()))
          .as(place)
          .isNotEmpty()
          .allMatch(said -> said.contains("klingdrop.work.dir") && said.contains("overlap"));
    }
    assertThat(FolderCheck.prepare(settings("KLINGDROP_FAILED_DIR", "data/work/failed").folders()))
        .isNotEmpty();
    assertThat(FolderCheck.prepare(settings("KLINGDROP_WORK_DIR", "data/jobs").folders()))
        .isEmpty();
  }

  @Test
  void jobsInAPrivateWorkFolderAreLeftAsTheyAre() throws IOException {
    assertThat(FolderCheck.prepare(settings().folders())).isEmpty();
    Files.createDirectories(folder.resolve("data/work/kd01"));
    mode("data/work/kd01", "rwxr-xr-x");

    assertThat(FolderCheck.prepare(settings().folders())).isEmpty();

    assertThat(mode("data/work/kd01")).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aWorkFolderElsewhereIsPrivateAndBearsTheMark() throws IOException {
    Files.createDirectories(folder.resolve("elsewhere"));
    mode("elsewhere", "rwxrwxr-x");
    var settings = settings("KLINGDROP_WORK_DIR", "elsewhere");
    assertThat(FolderCheck.prepare(settings.folders())).isEmpty();
    assertThat(mode("elsewhere")).isEqualTo("rwx------");

    assertThat(FolderCheck.trees(settings)).contains(settings.folders().work());
    assertThat(FolderCheck.trees(settings())).doesNotContain(settings().folders().work());
    assertThat(FolderCheck.trees(settings("KLINGDROP_DB_URL", "jdbc:postgresql://db/x")))
        .as("another node may have the data folder elsewhere")
        .contains(settings().folders().work());
  }
}
