package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that somebody swaps in the very moment in which it is opened. */
class RootedFolderTest {
  @TempDir private Path folder;
  private Path root;
  private Path sub;
  private Path routes;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(folder.resolve("inbox"));
    sub = Files.createDirectories(root.resolve("avatar/sub"));
    routes = Files.createDirectory(folder.resolve("routes"));
    try (var stream = Files.newDirectoryStream(root)) {
      assumeTrue(stream instanceof SecureDirectoryStream, "no folder can be held open here");
    }
  }

  /** Something to do at a level, at the n-th time it is reached: looked at 1, opened 2. */
  private static Consumer<Path> at(Path level, int time, Work work) {
    var count = new AtomicInteger();
    return path -> {
      if (path.equals(level) && count.incrementAndGet() == time) {
        try {
          work.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private interface Work {
    void run() throws IOException;
  }

  private void linked(Path level) throws IOException {
    Files.move(level, folder.resolve("real"));
    Files.createSymbolicLink(level, routes);
  }

  private void back(Path level) throws IOException {
    Files.delete(level);
    Files.move(folder.resolve("real"), level);
  }

  private void lost(Path level, Consumer<Path> meanwhile) {
    assertThatThrownBy(() -> RootedFolder.open(root, sub, false, meanwhile).close())
        .isInstanceOf(FolderLostException.class)
        .hasMessageContaining(level.toString());
  }

  @Test
  void aFolderThatBecomesALinkAfterItWasLookedAtIsLost() {
    lost(sub, at(sub, 1, () -> linked(sub)));
  }

  @Test
  void soIsOneAboveIt() {
    var above = sub.getParent();
    lost(above, at(above, 1, () -> linked(above)));
  }

  @Test
  void aLinkThatIsAFolderAgainOnceItWasFollowedIsLost() {
    lost(sub, at(sub, 1, () -> linked(sub)).andThen(at(sub, 2, () -> back(sub))));
  }

  @Test
  void whatIsOpenedStaysTheFolderThatWasLookedAt() throws IOException {
    Files.writeString(folder.resolve("evil.camel.yaml"), "a route");
    try (var opened = RootedFolder.open(root, sub, false, path -> {})) {
      linked(sub);
      opened.moveIn(folder.resolve("evil.camel.yaml"), "evil.camel.yaml");
    }
    assertThat(routes).isEmptyDirectory();
    assertThat(folder.resolve("real/evil.camel.yaml")).hasContent("a route");
  }
}
