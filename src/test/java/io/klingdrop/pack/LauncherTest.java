package io.klingdrop.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell launcher, with a stand-in for Java that says in which locale it was started. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  @TempDir private Path home;

  private String localeOfJava(Map<String, String> environment) throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Files.createFile(home.resolve("lib/klingdrop-0.jar"));
    var launcher = Files.createDirectories(home.resolve("bin")).resolve("klingdrop");
    Files.copy(Path.of("src/main/scripts/klingdrop"), launcher);
    var java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"${LC_ALL:-${LC_CTYPE:-$LANG}}\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    var builder = new ProcessBuilder("sh", launcher.toString(), "status");
    builder.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().put("JAVA_OPTS", "-Xshare:off");
    builder.environment().putAll(environment);
    var process = builder.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes()).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void withoutALocaleItStartsJavaInOneThatNamesEveryFile() throws Exception {
    assertThat(localeOfJava(Map.of())).endsWith(".UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8"})
  void soDoesOneThatIsAsciiOrNotInstalled(String locale) throws Exception {
    assertThat(localeOfJava(Map.of("LC_ALL", locale))).endsWith(".UTF-8").doesNotContain("xx_YY");
  }

  @Test
  void aUtf8LocaleIsKept() throws Exception {
    assertThat(localeOfJava(Map.of("LANG", "C.utf8"))).isEqualTo("C.utf8");
  }
}
