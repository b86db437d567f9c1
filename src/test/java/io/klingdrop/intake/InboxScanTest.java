package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.klingdrop.intake.Beside.Growing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Reading a real tree. */
class InboxScanTest {
  @TempDir private Path temp;
  private Path inbox;
  private InboxScan scan;

  @BeforeEach
  void open() throws IOException {
    inbox = Files.createDirectory(temp.resolve("inbox"));
    scan = new InboxScan(inbox);
  }

  private Path file(String path) throws IOException {
    var file = inbox.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "x");
  }

  private List<String> seen() throws IOException {
    return scan.read(0).folders().values().stream()
        .flatMap(folder -> folder.files().stream())
        .map(dropped -> inbox.relativize(dropped.path()).toString())
        .sorted()
        .toList();
  }

  @Test
  void whatWasDeletedOnANasIsNeverSeen() throws IOException {
    for (var bin :
        List.of("#recycle", "@Recycle", "avatar/#RECYCLE/sub", "avatar/show/$Recycle.bin/S-1-5")) {
      file(bin + "/host.png");
      file(bin + "/host.wav");
    }
    file("avatar/~snapshot/hourly/host.png");
    file("avatar/lost+found/host.wav");
    file("avatar/trash/host.wav");
    file("avatar/kept.png");

    assertThat(scan.read(0).leftAlone()).containsOnlyKeys(inbox.resolve("avatar/trash"));
    assertThat(seen()).containsExactly("avatar/kept.png");
  }

  @Test
  void copiesAndNotesOfOtherProgramsAreLeftAloneAndNamed() throws IOException {
    file("avatar/_image.png");
    file("avatar/voice.sync-conflict-20260102-123456-ABCDEFG.wav");
    file("avatar/photo.jpg.json");
    file("avatar/metadata.json");
    file("other/metadata.json");
    file("other/metadata.png");
    file("other/photo.jpg.json");
    file("other/photo.jpg.wav");

    var reading = scan.read(0);

    assertThat(seen())
        .containsExactly(
            "avatar/_image.png",
            "other/metadata.json",
            "other/metadata.png",
            "other/photo.jpg.json",
            "other/photo.jpg.wav");
    assertThat(reading.leftAlone().keySet())
        .extracting(path -> inbox.relativize(path).toString())
        .containsExactlyInAnyOrder(
            "avatar/voice.sync-conflict-20260102-123456-ABCDEFG.wav",
            "avatar/photo.jpg.json",
            "avatar/metadata.json");
  }

  @Test
  void whatGrowsIsSeenBesideWhatWaitsForIt() throws IOException {
    file("avatar/host.png");
    file("avatar/host.wav.filepart");
    file("avatar/.~tmp~/host.txt");
    file("avatar/film.mp4.download/film.mp4");

    var second = Duration.ofSeconds(1).toNanos();
    scan.read(0);
    Files.writeString(inbox.resolve("avatar/host.wav.filepart"), "xx");
    var growing = scan.read(second).folders().get(inbox.resolve("avatar")).beside().growing();

    assertThat(growing)
        .containsExactlyInAnyOrder(
            new Growing("host.wav.filepart", "host.wav", Duration.ZERO),
            new Growing("host.txt", "host.txt", Duration.ofSeconds(1)),
            new Growing("film.mp4", "film.mp4", Duration.ofSeconds(1)));
    assertThat(seen()).containsExactly("avatar/host.png");
  }

  @Test
  void aTreeWithoutBottomIsReadToSomeDepth() throws IOException {
    file("a/".repeat(150) + "host.png");
    file("b/".repeat(250) + "host.png");

    assertThat(seen()).containsExactly("a/".repeat(150) + "host.png");
    assertThat(scan.read(0).leftAlone().values()).anyMatch(why -> why.contains("too deep"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFolderSwappedForALinkDuringTheWalkIsNotReadThrough() throws IOException {
    file("avatar/host.png");
    var outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret.wav"), "x");
    var visited = new Visits();

    FolderWalk.walk(
        inbox,
        visited,
        folder -> {
          try {
            Files.move(folder, temp.resolve("away"));
            Files.createSymbolicLink(folder, outside);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });

    assertThat(visited.files).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFolderSwappedForAPipeDuringTheWalkHoldsNobodyUp() throws IOException {
    file("avatar/host.png");
    file("zebra/host.png");
    var visited = new Visits();

    FolderWalk.walk(
        inbox,
        visited,
        folder -> {
          if (folder.endsWith("avatar")) {
            try {
              Files.move(folder, temp.resolve("away"));
              var made = new ProcessBuilder("mkfifo", folder.toString()).start();
              assumeThat(made.waitFor() == 0).isTrue();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });

    assertThat(visited.files).containsExactly(inbox.resolve("zebra/host.png"));
  }

  private static final class Visits implements FolderWalk.Visitor {
    private final List<Path> files = new ArrayList<>();

    @Override
    public boolean enter(Path folder) {
      return true;
    }

    @Override
    public void file(Path file, BasicFileAttributes attributes) {
      files.add(file);
    }

    @Override
    public void closed(Path folder, IOException cause) {
      throw new AssertionError(cause);
    }
  }
}
