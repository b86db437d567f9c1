package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Sharing;
import io.klingdrop.ledger.Reservation;
import io.klingdrop.ledger.Reservation.Held;
import io.klingdrop.ledger.Reservations;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/**
 * Gives the files of handed-in bundles their names in the inbox, one bundle after the other: first
 * the ledger learns which id was promised for which files, then the files appear. A name that is
 * taken, in whatever spelling a file system may hold for the same, gets {@code ~2}. Callers take
 * turns by a lock.
 */
record Reveals(Reservations reservations, Sharing sharing, InstantSource clock) {
  /**
   * Names the files and appends the promise to the ledger.
   *
   * @param promise with the name that is wished; the files it names are not looked at
   * @throws IOException if the inbox refuses; the files then have their hidden names again and
   *     nothing is promised
   */
  Reservation reveal(Path folder, Reservation promise, List<Landing> files) throws IOException {
    for (int n = 1; ; n++) {
      var name = n == 1 ? promise.name() : promise.name() + "~" + n;
      if (taken(folder, name, files)) {
        continue;
      }
      var made = reservation(folder, promise, name, files);
      reservations.keep(made);
      CrashPoint.at("intake.reserved");
      try {
        for (var file : made.files()) {
          sharing.place(Path.of(file.part()), Path.of(file.path()));
          CrashPoint.at("intake.revealed");
        }
      } catch (FileAlreadyExistsException e) {
        // somebody dropped a file of that name in this very moment
        hide(made);
        continue;
      } catch (IOException | RuntimeException e) {
        undo(made, e);
        throw e;
      }
      reservations.revealed(made.jobId());
      CrashPoint.at("intake.reveal-committed");
      return made;
    }
  }

  /** Nothing is promised; if even that fails, the next start puts it right. */
  private void undo(Reservation made, Exception cause) {
    try {
      if (!sharing.withOthers()) {
        hide(made);
        reservations.forget(made.jobId());
      } else if (reservations.withdrawn(made.jobId())) {
        // only now: another node may have taken it over, and then the files are that one's
        hide(made);
      }
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private Reservation reservation(
      Path folder, Reservation promise, String name, List<Landing> files) {
    var held = new ArrayList<Held>();
    for (var file : files) {
      var path = AskedId.spelled(folder.resolve(name + file.extension()));
      held.add(new Held(path, file.part().toString(), file.bytes(), file.sha256()));
    }
    return new Reservation(
        promise.jobId(),
        promise.keyHash(),
        promise.content(),
        promise.profile(),
        name,
        clock.instant(),
        false,
        held);
  }

  /** Gives files their hidden names back, as far as they have the others already. */
  private static void hide(Reservation made) throws IOException {
    for (var file : made.files()) {
      var part = Path.of(file.part());
      var path = Path.of(file.path());
      if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)
          && Landing.holds(path, file.bytes(), file.sha256())) {
        AtomicFiles.move(path, part);
      }
    }
  }

  /**
   * Finishes what was cut off: all files were whole before the ledger learned of them.
   *
   * @return whether it could; if not, the files are gone and nothing is promised any more
   */
  boolean finish(Path folder, Reservation begun) throws IOException {
    var cut = sharing.withOthers() ? own(folder, begun) : begun;
    hide(cut);
    var files = new ArrayList<Landing>();
    for (var file : cut.files()) {
      var part = Path.of(file.part());
      if (!Landing.holds(part, file.bytes(), file.sha256())) {
        reservations.forget(cut.jobId());
        return false;
      }
      var dot = file.path().lastIndexOf('.');
      files.add(new Landing(part, file.path().substring(dot), file.bytes(), file.sha256()));
    }
    reveal(folder, cut, files);
    return true;
  }

  /** The same bundle with hidden names of this node, whichever node hid the files before. */
  private Reservation own(Path folder, Reservation cut) throws IOException {
    var hidden = new HashMap<Integer, Path>();
    Files.createDirectories(folder);
    try (var all = Files.newDirectoryStream(folder, "." + cut.jobId() + ".*.part")) {
      for (var file : all) {
        Landing.Part.of(file.getFileName().toString())
            .ifPresent(
                part -> hidden.merge(part.n(), file, (one, other) -> own(one) ? one : other));
      }
    }
    var files = new ArrayList<Held>();
    for (var file : cut.files()) {
      var n =
          Landing.Part.of(Path.of(file.part()).getFileName().toString())
              .orElseThrow(() -> new IOException(file.part() + " is no hidden name"))
              .n();
      var own = Landing.part(folder, cut.jobId(), n, sharing);
      var there = hidden.get(n);
      if (there != null && !there.equals(own)) {
        AtomicFiles.move(there, own);
      }
      files.add(new Held(file.path(), own.toString(), file.bytes(), file.sha256()));
    }
    return new Reservation(
        cut.jobId(),
        cut.keyHash(),
        cut.content(),
        cut.profile(),
        cut.name(),
        cut.at(),
        cut.revealed(),
        files);
  }

  private boolean own(Path part) {
    return part.getFileName().toString().endsWith("." + sharing.mark() + ".part");
  }

  private static boolean taken(Path folder, String name, List<Landing> files) throws IOException {
    for (var file : files) {
      if (Files.exists(folder.resolve(name + file.extension()), LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    var own = folded(name);
    try (var others = Files.list(folder)) {
      return others
          .map(file -> file.getFileName().toString())
          .filter(file -> !InboxRules.junk(file))
          .map(file -> folded(InboxRules.stem(file)))
          .anyMatch(other -> other.equals(own) || other.startsWith(own + "__"));
    }
  }

  /** One spelling for all that a file system may take for the same name. */
  private static String folded(String name) {
    var small = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(small, Normalizer.Form.NFC);
  }
}
