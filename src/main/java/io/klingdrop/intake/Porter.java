package io.klingdrop.intake;

import io.klingdrop.catalogue.Parameters;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.FolderLostException;
import io.klingdrop.files.OwnCopy;
import io.klingdrop.files.Rights;
import io.klingdrop.files.RootedFolder;
import io.klingdrop.files.UnreadableException;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Text;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the files of bundles from the inbox into their work folders, and back if need be. Who
 * writes to the inbox may change anything there at any moment: folders are held open on the way,
 * and what is judged and sent later are copies that nobody else has a hold of.
 *
 * @param between told of each step, for tests that do something meanwhile
 */
record Porter(Folders folders, Sizes sizes, Consumer<String> between) {
  private static final Logger LOG = LoggerFactory.getLogger(Porter.class);

  /** Larger files of another disk stay there: a hole copied is no hole any more. */
  private static final long MOST_COPIED = 2 * Sizes.MOST;

  /** FAT counts in steps of two seconds. */
  private static final long COARSEST_MILLIS = 2000;

  /**
   * What was taken.
   *
   * @param files with their hashes; empty for those too large to be read
   * @param refusal why it must not be sent, null if that is still to be judged
   */
  record Load(List<BundleFile> files, @Nullable Failure refusal) {}

  /** Copies defaults files, as much of each as is ever read. */
  void keepDefaults(List<Path> defaults, Path work) throws IOException {
    for (int i = 0; i < defaults.size(); i++) {
      var file = defaults.get(i);
      var name = InboxScan.name(file);
      var target = Files.createDirectories(work.resolve("defaults").resolve(Integer.toString(i)));
      between.accept("before-defaults");
      try (var folder = RootedFolder.open(folders.inbox(), InboxScan.above(file))) {
        folder.copy(name, target.resolve(name), Parameters.MAX_BYTES + 1L);
      }
    }
  }

  /** Brings every file of the note into the work folder; does nothing for those already there. */
  void gather(Manifest manifest, Path work) throws IOException {
    for (var entry : manifest.files()) {
      var target = work.resolve("in").resolve(entry.name());
      if (!entry.shared()) {
        bring(entry, target);
      } else if (tooLarge(manifest, entry).isEmpty()) {
        bringCopy(entry, target);
      }
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        refuseChanged(entry, attributes(target), Long.MAX_VALUE);
      }
    }
  }

  private void bring(Manifest.Entry entry, Path target) throws IOException {
    try (var folder = RootedFolder.open(folders.inbox(), InboxScan.above(entry.path()))) {
      if (!folder.has(entry.name()) && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      CrashPoint.at("intake.before-move");
      between.accept("before-move");
      refuseChanged(entry, folder.attributes(entry.name()), 0);
      folder.moveOut(entry.name(), target, MOST_COPIED);
      CrashPoint.at("intake.moved");
      between.accept("moved");
    } catch (NoSuchFileException | FolderLostException e) {
      // it came here before its folder went or became a link
      if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private void bringCopy(Manifest.Entry entry, Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    between.accept("before-shared");
    try (var folder = RootedFolder.open(folders.inbox(), InboxScan.above(entry.path()))) {
      refuseChanged(entry, folder.attributes(entry.name()), 0);
      folder.copy(entry.name(), target, entry.bytes());
      CrashPoint.at("intake.shared-copied");
    }
  }

  /** Puts copies of our own into the place of what was gathered, and hashes them on the way. */
  Load own(Manifest manifest, Path work) throws IOException {
    var files = new ArrayList<BundleFile>();
    var refusal = manifest.failure();
    for (var entry : manifest.files()) {
      var file = work.resolve("in").resolve(entry.name());
      var hash = "";
      var wrong = tooLarge(manifest, entry).orElse(null);
      if (wrong == null) {
        try {
          hash = own(entry, file);
        } catch (UnreadableException e) {
          wrong =
              Failure.of(
                  FailureClass.INVALID, entry.name() + " cannot be read: " + Rights.why(file, e));
        }
      }
      refusal = refusal == null ? wrong : refusal;
      files.add(new BundleFile(entry.role(), entry.name(), hash, entry.bytes(), entry.shared()));
    }
    return new Load(List.copyOf(files), refusal);
  }

  private String own(Manifest.Entry entry, Path file) throws IOException {
    refuseChanged(entry, attributes(file), COARSEST_MILLIS);
    if (names(file) > 1) {
      LOG.warn(
          "{} has another name elsewhere, as a hard link. A copy of it was taken; what is written"
              + " to the other name from now on is not sent.",
          Text.oneLine(entry.name(), 200));
    }
    between.accept("before-copy");
    var hash = OwnCopy.replace(file, entry.bytes());
    CrashPoint.at("intake.copied");
    return hash;
  }

  /** How many names a file has; 1 where the system does not say. */
  private static int names(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
            && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                instanceof Integer count
        ? count
        : 1;
  }

  private Optional<Failure> tooLarge(Manifest manifest, Manifest.Entry entry) {
    return sizes
        .tooLarge(manifest.profile(), entry.role(), entry.bytes())
        .map(why -> Failure.of(FailureClass.INVALID, entry.name() + ": " + why));
  }

  /**
   * Moves files back to where they lay.
   *
   * @return those that cannot go back, for their folder became a link; they stay where they are
   * @throws IOException if others could not go back; they stay as well
   */
  List<Manifest.Entry> giveBack(Manifest manifest, Path work) throws IOException {
    var stranded = new ArrayList<Manifest.Entry>();
    IOException trouble = null;
    for (var entry : manifest.files()) {
      var taken = work.resolve("in").resolve(entry.name());
      if (entry.shared() || !Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      between.accept("before-give-back");
      try (var folder = RootedFolder.make(folders.inbox(), InboxScan.above(entry.path()))) {
        folder.moveIn(taken, entry.name());
        CrashPoint.at("start.given-back");
      } catch (FolderLostException e) {
        LOG.warn(
            "{}: {}",
            Text.oneLine(entry.name(), 200),
            Text.oneLine(String.valueOf(e.getMessage()), 500));
        stranded.add(entry);
      } catch (IOException e) {
        trouble = e;
      }
    }
    if (trouble != null) {
      throw trouble;
    }
    return stranded;
  }

  /**
   * The file must still be what the inbox showed: somebody may write to it, or put another there.
   *
   * @param coarse milliseconds by which its time may differ: our disk may keep times less finely
   */
  private static void refuseChanged(Manifest.Entry entry, BasicFileAttributes now, long coarse)
      throws IOException {
    if (!now.isRegularFile()
        || now.size() != entry.bytes()
        || Math.abs(now.lastModifiedTime().toMillis() - entry.modified()) > coarse) {
      throw new IOException(Text.oneLine(entry.name(), 200) + " changed while it was taken");
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
