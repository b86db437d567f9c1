package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.ledger.Database;
import io.klingdrop.testing.TestMedia;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code why} says of a name that is in the inbox and no job yet. */
class WaitingTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();
  private Path inbox;

  @BeforeEach
  void open() throws IOException {
    var data = Files.createDirectories(folder.resolve("data"));
    Database.open("jdbc:sqlite:" + data.resolve("klingdrop.db"), "", "").close();
    inbox = Files.createDirectories(folder.resolve("inbox/avatar/course"));
  }

  @AfterEach
  void back() {
    Here.in(Path.of(""));
  }

  private int why(String name) {
    return new CommandLine(new Cli())
        .setOut(new PrintWriter(said, true))
        .setErr(new PrintWriter(said, true))
        .execute("-C", folder.toString(), "why", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "course/half", "avatar/course/half"})
  void aHalfIsToldWithWhatItWaitsForSinceWhenAndUntilWhen(String name) throws Exception {
    var came = Instant.now().plusSeconds(7200);
    var picture = Files.move(TestMedia.pair(folder, "half", 1).image(), inbox.resolve("half.png"));
    Files.setLastModifiedTime(picture, FileTime.from(came));

    assertThat(why(name)).isEqualTo(ExitCode.FINE);

    assertThat(said.toString())
        .startsWith(
            "avatar/course/half is no job yet: half.png is in the inbox since "
                + Waiting.TIME.format(came)
                + ", waiting for a recording. Put it into the same folder under the same name.")
        .contains(
            "If it has not come by "
                + Waiting.TIME.format(came.plusSeconds(605))
                + " (10m after it settled, ",
            "failed/unpaired",
            "nothing is charged");
  }

  @Test
  void aCopyThatKeptItsOldTimeCameWhenItWasCopied() throws Exception {
    var before = Instant.now().minusSeconds(2);
    var voice = Files.move(TestMedia.pair(folder, "half", 1).audio(), inbox.resolve("half.wav"));
    Files.setLastModifiedTime(voice, FileTime.from(Instant.EPOCH));

    assertThat(why("half")).isEqualTo(ExitCode.FINE);

    assertThat(said.toString()).contains("half.wav is in the inbox", "waiting for a picture");
    var since = said.toString().replaceFirst("(?s).* since (.{19}),.*", "$1");
    assertThat(since).isGreaterThanOrEqualTo(Waiting.TIME.format(before));
  }

  @Test
  void aCompletePairIsToldWithTheWayOn() throws Exception {
    TestMedia.pair(inbox, "whole", 1);

    assertThat(why("whole")).isEqualTo(ExitCode.FINE);

    assertThat(said.toString())
        .startsWith("avatar/course/whole is no job yet: whole.png, whole.wav are in the inbox.")
        .contains(" plan tells what it costs.");
  }

  @Test
  void whatWillBeRefusedIsToldWithTheReason() throws Exception {
    Files.writeString(inbox.resolve("odd.png"), "no picture");
    Files.move(TestMedia.pair(folder, "odd", 1).audio(), inbox.resolve("odd.wav"));

    assertThat(why("odd")).isEqualTo(ExitCode.FINE);

    assertThat(said.toString()).contains("this will be refused: ", "odd.png");
  }

  @Test
  void whatIsNowhereIsNoJob() {
    assertThat(why("half")).isEqualTo(ExitCode.USAGE);

    assertThat(said.toString()).contains("There is no job half");
  }
}
