package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How a service behaves in folders that other nodes may write to at the same time. Alone, half
 * written files have the names they always had and get their own by a rename. Among others, each
 * node's half-written files bear its mark, so that two nodes never write into one file, and a file
 * gets its name without ever taking the place of one that is there. Immutable.
 *
 * @param mark a short word no other node has, fit for a file name; empty for a service alone
 */
public record Sharing(String mark) {
  /**
   * Older than that, nobody is at work on a half-written file: every write renews its time, no step
   * goes on for so long without one, and clocks that are ten minutes apart make no difference. Even
   * a node that slept loses nothing: it finds its half file gone and begins that step anew.
   */
  public static final Duration NOBODYS = Duration.ofHours(1);

  private static final int MARK = 12;

  /** For a service whose folders no other has. */
  public static Sharing alone() {
    return new Sharing("");
  }

  /** For the node of that name. */
  public static Sharing as(String node) {
    return new Sharing(Hashes.sha256(node).substring(0, MARK));
  }

  /** Whether there may be other nodes. */
  public boolean withOthers() {
    return !mark.isEmpty();
  }

  /** A name for what becomes whole under it: {@code stem.part}, or with the mark. */
  public String half(String stem) {
    return stem + (withOthers() ? "." + mark : "") + ".part";
  }

  /** The same, hidden. */
  public String hidden(String stem) {
    return "." + half(stem);
  }

  /**
   * Gives a whole file its name; see {@link AtomicFiles#move}.
   *
   * @throws FileAlreadyExistsException if another file has it, even one that came this very moment
   */
  public void place(Path source, Path target) throws IOException {
    if (withOthers()) {
      AtomicFiles.place(source, target);
    } else {
      AtomicFiles.move(source, target);
    }
  }

  /** Half-written files that were last changed before that are nobody's. */
  public Instant nobodysBefore(Instant started) {
    return withOthers() ? started.minus(NOBODYS) : started;
  }
}
