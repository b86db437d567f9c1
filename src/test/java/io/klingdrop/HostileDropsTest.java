package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What somebody drops who means harm: it is refused or passed over, and the rest goes on. */
@DisabledOnOs(OS.WINDOWS)
class HostileDropsTest {
  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed = 7000;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(temp.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie).set("klingdrop.inbox.pair-window", "500ms");
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void whatIsNoFileIsPassedOver() throws Exception {
    var avatar = place.inbox("avatar");
    Files.createDirectory(avatar.resolve("folder.png"));
    voice("folder");
    run("mkfifo", avatar.resolve("pipe.png").toString());
    voice("pipe");
    Files.createSymbolicLink(avatar.resolve("device.png"), Path.of("/dev/zero"));
    voice("device");
    originals.dropped(TestMedia.pair(avatar, "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.FAILED, 3);
    awaitFiled();

    for (var name : List.of("folder", "pipe", "device")) {
      assertThat(note("unpaired", name)).contains("no picture called " + name);
      assertThat(Files.exists(avatar.resolve(name + ".png"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void bombsAreRefusedWithoutGoingOff() throws Exception {
    sidecar("laughs.yaml", "a: &a [lol,lol,lol]\nb: &b [*a,*a,*a]\nprompt: *b\n");
    sidecar("deep.json", "[".repeat(100_000));
    sidecar("keys.json", "{\"" + "k".repeat(40_000) + "\":[" + "1,".repeat(100_000) + "1]}");
    sidecar("cut.yaml", "prompt: \"\\u");
    sidecar("words.json", "{\"prompt\": \"\\u001b[2J\\r\\nFAKE\"}");
    var vast = sidecar("vast.json", "{\"prompt\": \"");
    try (var sparse = new RandomAccessFile(vast.toFile(), "rw")) {
      sparse.setLength(100_000_000);
    }
    originals.replaced(vast);
    picture("claims", Integer.MAX_VALUE, Integer.MAX_VALUE);
    picture("negative", -1, 320);
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.FAILED, 8);
    awaitFiled();

    assertThat(note("invalid", "laughs")).contains("laughs.yaml:1", "anchor");
    assertThat(note("invalid", "deep")).contains("nested deeper");
    assertThat(note("invalid", "keys")).contains("a key of more than 200 characters");
    assertThat(note("invalid", "cut")).contains("is not valid YAML");
    assertThat(note("invalid", "words")).contains("control character");
    assertThat(note("invalid", "vast")).contains("larger than 256 KB");
    assertThat(note("invalid", "claims")).contains("claims.png", "claims 2147483647 x 2147483647");
    assertThat(note("invalid", "negative")).contains("negative.png");
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void whatCannotBeNamedStaysAndStopsNobody() throws Exception {
    var avatar = place.inbox("avatar");
    var odd = TestMedia.pair(folder.resolve("made"), "odd", seed++);
    run(
        "sh",
        "-c",
        "mv \"$1\" \"$3/$(printf '\\377').png\"; mv \"$2\" \"$3/$(printf '\\377').wav\"",
        "sh",
        odd.image().toString(),
        odd.audio().toString(),
        avatar.toString());
    var deep = TestMedia.pair(folder.resolve("made"), "deep", seed++);
    run(
        "sh",
        "-c",
        "cd \"$3\"; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do mkdir \"$4\" && cd -P \"$4\""
            + " || exit 1; done; mv \"$1\" deep.png; mv \"$2\" deep.wav",
        "sh",
        deep.image().toString(),
        deep.audio().toString(),
        avatar.toString(),
        "d".repeat(240));
    originals.dropped(TestMedia.pair(avatar, "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    assertThat(place.jobs()).hasSize(1);
    assertThat(place.tree("inbox")).hasSize(4);
  }

  @Test
  void aFileNobodyMayReadIsRefusedAndMovesAsItIs() throws Exception {
    var avatar = place.inbox("avatar");
    var pair = TestMedia.pair(avatar, "locked", seed++);
    originals.dropped(pair.audio());
    Files.setPosixFilePermissions(pair.image(), PosixFilePermissions.fromString("---------"));
    var closed = Files.createDirectory(avatar.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    originals.dropped(TestMedia.pair(avatar, "good", seed++));

    assertThat(drainWithoutPrivileges()).isEqualTo(1);

    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    var locked = folder.resolve("failed/invalid/avatar/locked/locked.png");
    assertThat(locked).exists();
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rw-------"));
    assertThat(note("invalid", "locked"))
        .containsPattern(
            "locked.png cannot be read: permission denied: it belongs to \\S+, mode ---------;"
                + " klingdrop runs as ");
    assertThat(folder.resolve("outbox/avatar/good.mp4")).exists();
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void withoutALocaleForeignNamesStopNobody() throws Exception {
    var avatar = place.inbox("avatar");
    var odd = TestMedia.pair(folder.resolve("made"), "odd", seed++);
    run(
        "sh",
        "-c",
        "u=$(printf '\\303\\274'); mkdir \"$3/$u\" \"$3/$u.part\"; cp \"$1\" \"$3/$u/a.png\";"
            + " mv \"$1\" \"$3/$u.png\"; mv \"$2\" \"$3/$u.wav\"",
        "sh",
        odd.image().toString(),
        odd.audio().toString(),
        avatar.toString());
    originals.dropped(TestMedia.pair(avatar, "good", seed++));

    assertThat(drain(List.of(), Map.of("LC_ALL", "C"))).isZero();

    assertThat(folder.resolve("outbox/avatar/good.mp4")).exists();
    assertThat(Files.readString(temp.resolve("log")))
        .doesNotContain("InvalidPathException")
        .contains("file names: ");
  }

  @Test
  void whatMayNotBeTakenIsToldAndEndsARunThatWaitsForNothingElse() throws Exception {
    var avatar = place.inbox("avatar");
    var foreign = Files.createDirectory(avatar.resolve("foreign"));
    originals.dropped(TestMedia.pair(foreign, "kept", seed++));
    var closed = Files.createDirectory(avatar.resolve("closed"));
    originals.dropped(TestMedia.pair(avatar, "good", seed++));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("r-xr-xr-x"));

    assertThat(drainWithoutPrivileges()).isEqualTo(1);

    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwx------"));
    var said = Files.readString(temp.resolve("log"));
    assertThat(said)
        .containsPattern(
            "left in the inbox: \\S+closed cannot be read: permission denied: it belongs")
        .containsPattern(
            "left in the inbox: \\S+kept.wav cannot be taken: permission denied to move files out"
                + " of \\S+foreign: it belongs to \\S+, mode r-xr-xr-x; klingdrop runs as ");
    assertThat(said.split("It stays in the inbox", -1)).hasSize(3);
    assertThat(InboxPlan.hindrances(place.settings())).hasSize(2);
    assertThat(folder.resolve("outbox/avatar/good.mp4")).exists();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aStickyFolderKeepsItsFilesAndThatIsTold() throws Exception {
    var sticky = Files.createDirectory(place.inbox("avatar").resolve("sticky"));
    var pair = TestMedia.pair(sticky, "kept", seed++);
    originals.dropped(pair);
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
        .as("only root gives files away")
        .isEqualTo(0);
    run("chown", "65534", sticky.toString(), pair.image().toString(), pair.audio().toString());
    run("chmod", "1777", sticky.toString());

    assertThat(drain(without("-fowner,-dac_override,-dac_read_search"), Map.of())).isEqualTo(1);

    assertThat(Files.readString(temp.resolve("log")))
        .contains("left in the inbox: ", "kept.wav cannot be taken: permission denied")
        .contains("with the sticky bit");
    originals.assertEachInExactlyOnePlace();
  }

  /** Runs until nothing is left to do, as a user who may not read everything. */
  private int drainWithoutPrivileges() throws Exception {
    var rootly = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    return drain(rootly ? without("-dac_override,-dac_read_search") : List.of(), Map.of());
  }

  private static List<String> without(String capabilities) {
    assumeThat(Path.of("/usr/bin/setpriv"))
        .as("root, and no way to be less; Debian's package util-linux has setpriv")
        .exists();
    return List.of("/usr/bin/setpriv", "--bounding-set", capabilities, "--");
  }

  private int drain(List<String> before, Map<String, String> environment) throws Exception {
    var command = new ArrayList<String>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable"));
    command.addAll(AppProcess.program());
    command.add("--exit-when-idle");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(place.environment());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile());
    return exit(builder.start());
  }

  private static void run(String... command) throws Exception {
    var ended = exit(new ProcessBuilder(command).inheritIO().start());
    assumeThat(ended).as(String.join(" ", command)).isZero();
  }

  private static int exit(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(Patience.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private void voice(String name) throws IOException {
    originals.dropped(
        TestMedia.wav(place.inbox("avatar").resolve(name + ".wav"), Duration.ofSeconds(3), seed++));
  }

  private Path sidecar(String file, String text) throws IOException {
    var avatar = place.inbox("avatar");
    var stem = file.substring(0, file.lastIndexOf('.'));
    originals.dropped(TestMedia.pair(avatar, stem, seed++));
    return originals.dropped(Files.writeString(avatar.resolve(file), text));
  }

  /** A whole picture, but for the sides its header claims. */
  private void picture(String name, int width, int height) throws IOException {
    voice(name);
    var file = TestMedia.png(place.inbox("avatar").resolve(name + ".png"), 320, 320, seed++);
    var bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
    originals.dropped(Files.write(file, bytes));
  }

  private String note(String channel, String name) throws IOException {
    return place
        .note("failed/" + channel + "/avatar/" + name + "/error.json")
        .path("failMessage")
        .asText();
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
