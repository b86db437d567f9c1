package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words about rights and locales that let a person mend them. */
class RightsTest {
  @TempDir private Path folder;

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ownerModeAndWhoWeAreAreNamed() throws IOException {
    var file = Files.writeString(folder.resolve("a"), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

    assertThat(Rights.why(file, new AccessDeniedException("a")))
        .startsWith("permission denied: it belongs to " + Files.getOwner(file).getName() + ":")
        .contains("mode r--r-----", "klingdrop runs as ");
  }

  @Test
  void whatIsNoMatterOfRightsKeepsItsWords() {
    assertThat(Rights.why(folder, new IOException("gone wild"))).isEqualTo("gone wild");
    assertThat(Rights.denied(new FileSystemException("a", "b", "Operation not permitted")))
        .isTrue();
    assertThat(Rights.denied(new FileSystemException("a", "b", "Read-only file system"))).isTrue();
    assertThat(Rights.denied(new FileSystemException("a"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "ANSI_X3.4-1968, /, true",
    "ISO-8859-1, /, true",
    "UTF-8, /, false",
    "utf8, /, false"
  })
  void aLocaleThatCannotNameEveryFileIsAFault(String coding, String separator, boolean fault) {
    assertThat(NameCoding.fault(coding, separator).isPresent()).isEqualTo(fault);
    assertThat(NameCoding.fault("Cp1252", "\\")).isEmpty();
  }
}
