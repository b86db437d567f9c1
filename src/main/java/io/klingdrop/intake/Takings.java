package io.klingdrop.intake;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Sharing;
import io.klingdrop.files.Sweep;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where bundles are gathered before the ledger learns of them. A service alone does that in the
 * job's work folder. Among nodes each does it in a folder of its own, and the bundle enters the
 * ledger only after that folder became the job's work folder, by one rename: so a taking that
 * another node took over cannot be finished by a node that was halted and wakes up. Thread-safe.
 */
record Takings(Folders folders, Sharing sharing) {
  private static final String FOLDER = ".taking";
  private static final Instant EVER = Instant.parse("9999-01-01T00:00:00Z");

  /** Where the bundle of that job is gathered by this node. */
  Path begin(String id) {
    return sharing.withOthers() ? top().resolve(id).resolve(sharing.mark()) : folders.work(id);
  }

  private Path top() {
    return folders.work().resolve(FOLDER);
  }

  /** The job a bundle is gathered for, or in whose work folder it lies. */
  String job(Path taking) {
    return (isSealed(taking) ? taking : InboxScan.above(taking)).getFileName().toString();
  }

  /** Whether it is a job's work folder, and may be in the ledger at any moment. */
  boolean isSealed(Path taking) {
    return folders.work().equals(taking.getParent());
  }

  /**
   * All files are gathered and ours: makes the folder the job's work folder.
   *
   * @throws NoSuchFileException if another node took it over
   */
  Path seal(Path taking) throws IOException {
    if (isSealed(taking)) {
      return taking;
    }
    var work = folders.work(job(taking));
    Files.move(taking, work, StandardCopyOption.ATOMIC_MOVE);
    AtomicFiles.syncFolder(folders.work());
    tidy(taking);
    return work;
  }

  /** Whether any node has begun to take the bundle of that job. */
  boolean begun(String id) {
    return (sharing.withOthers() && Files.exists(top().resolve(id)))
        || Files.exists(folders.work(id));
  }

  /** What this node began and did not finish, or what all others did; none for a service alone. */
  List<Path> left(boolean byOthers) throws IOException {
    var left = new ArrayList<Path>();
    if (sharing.withOthers() && Files.isDirectory(top())) {
      for (var job : list(top())) {
        for (var taking : list(job)) {
          if (byOthers != taking.endsWith(sharing.mark())) {
            left.add(taking);
          }
        }
      }
    }
    return left;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * Takes over what another node gathered: from now on that node finds nothing under its own name.
   *
   * @throws NoSuchFileException if it is gone: that node, or a third one, was faster
   */
  Path adopt(Path taking) throws IOException {
    var own = taking.resolveSibling(sharing.mark());
    Files.move(taking, own, StandardCopyOption.ATOMIC_MOVE);
    return own;
  }

  /**
   * Removes a folder whose files have gone back: among nodes copies and notes only, so that a file
   * that a node moves here in this very moment keeps the folder.
   *
   * @throws DirectoryNotEmptyException if there is more
   */
  void remove(Path taking, List<Manifest.Entry> files) throws IOException {
    if (!sharing.withOthers()) {
      AtomicFiles.deleteTree(taking);
      return;
    }
    var in = taking.resolve("in");
    for (var entry : files) {
      if (entry.shared()) {
        Files.deleteIfExists(in.resolve(entry.name()));
      }
    }
    Sweep.of(List.of(in), EVER);
    Files.deleteIfExists(in);
    AtomicFiles.deleteTree(taking.resolve("defaults"));
    Files.deleteIfExists(taking.resolve(Manifest.FILE));
    Sweep.of(List.of(taking), EVER);
    Files.deleteIfExists(taking);
    tidy(taking);
  }

  /** The folder of a job in which several nodes may gather, if none does. */
  private static void tidy(Path taking) throws IOException {
    try {
      Files.deleteIfExists(InboxScan.above(taking));
    } catch (DirectoryNotEmptyException e) {
      // another node gathers for that job
    }
  }
}
