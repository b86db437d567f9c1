package io.klingdrop.fault;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A named place in a job's way at which a test lets the process die, before or after a write that
 * must last or a call to the provider. The system property {@code klingdrop.crash} says where:
 * {@code NAME} the first time that point is reached, {@code NAME:3} the third time, {@code
 * halt@NAME} that it is only halted there by SIGSTOP until somebody lets it go on, {@code trace}
 * nowhere, but every point that is reached is printed to standard error. Without the property a
 * point is a test of a constant. It is no setting: neither files nor the environment can set it.
 *
 * <p>Death is SIGKILL, sent by {@code kill} to this very process: no hook, no finally block and no
 * stream's close runs, whatever other threads are doing. Where there is no {@code kill}, {@link
 * Runtime#halt} does nearly the same. Either way the operating system keeps what was handed to it;
 * that written bytes survive a loss of power is not shown by this. Thread-safe.
 */
public final class CrashPoint {
  private static final String TRACE = "trace";

  /**
   * All points, in the order a job passes them, each group on lines of its own: first the two
   * writers all others use, which are reached many times; then a job's way from intake to archive;
   * then the detours of submit and fetch, failures and duplicates, what a source gives or is handed
   * in whole; last the start after a crash.
   */
  private static final List<String> NAMES =
      List.of(
          """
          files.part-written files.part-synced files.part-renamed files.moved
          files.copied-across-disks ledger.before-commit ledger.committed
          intake.work-folder-made intake.defaults-copied intake.manifest-written
          intake.before-move intake.moved intake.shared-copied intake.gathered intake.copied
          intake.before-entry intake.entered intake.old-notes-tidied intake.check-begun
          intake.checked intake.verdict-committed intake.refusal-committed
          submit.before-upload submit.uploaded submit.upload-kept submit.before-submitting
          submit.submitting-committed submit.create-task-answered submit.running-committed
          submit.note-forgotten submit.lanes-opened
          submit.media-put submit.media-forgotten
          poll.before-record-info poll.record-info-answered poll.goes-on-committed
          poll.generated-committed
          fetch.begun fetch.tag-kept fetch.part-begun fetch.part-whole fetch.part-probed
          fetch.part-synced fetch.renamed fetch.hashed fetch.fetched-committed
          deliver.opened-committed deliver.name-chosen deliver.written deliver.compared
          deliver.named deliver.receipt-kept deliver.note-written deliver.delivered-committed
          deliver.names-released
          deliver.s3-key-chosen deliver.s3-part-sent deliver.s3-put deliver.s3-confirmed
          deliver.s3-receipt-kept deliver.s3-note-put
          archive.before-move archive.moved archive.notes-cleared archive.filed-committed
          archive.work-cleared
          submit.upload-refused-committed submit.refused-committed submit.lost-committed
          submit.note-written
          fetch.fresh-answered fetch.offered-committed fetch.later-committed
          deliver.later-committed deliver.given-up-committed
          poll.failed-committed failure.folder-begun failure.note-written failure.folder-named
          failure.text-written failure.duplicate-noted failure.before-move failure.moved
          failure.home-cleared failure.filed-committed failure.work-cleared
          intake.received intake.handed-in intake.reserved intake.revealed intake.reveal-committed
          start.claim-found start.claim-finished start.given-back start.reveal-finished
          start.left-over-cleared start.leases-released start.submitting-settled
          """
              .strip()
              .split("\\s+", -1));

  private static final String SETTING = System.getProperty("klingdrop.crash", "");
  private static final boolean ON = !SETTING.isEmpty();
  private static final String HALT = "halt@";
  private static final boolean HALTS = SETTING.startsWith(HALT);
  private static final String NAME =
      SETTING.substring(HALTS ? HALT.length() : 0).replaceFirst(":\\d+$", "");
  private static final AtomicInteger LEFT = new AtomicInteger(count());

  private CrashPoint() {}

  public static List<String> names() {
    return NAMES;
  }

  /**
   * The process dies here if a test asked for it.
   *
   * @throws IllegalArgumentException if points are on and neither this one nor the one asked for is
   *     in {@link #names}
   */
  public static void at(String name) {
    if (ON) {
      reached(name);
    }
  }

  /** {@link #at} once {@code done} has been done, for the end of a statement. */
  public static <T extends @Nullable Object> T after(String name, T done) {
    if (ON) {
      reached(name);
    }
    return done;
  }

  private static int count() {
    var colon = SETTING.lastIndexOf(':');
    return colon < 0 ? 1 : Integer.parseInt(SETTING.substring(colon + 1));
  }

  private static void reached(String name) {
    if (!NAMES.contains(name) || !(NAMES.contains(NAME) || NAME.equals(TRACE))) {
      throw new IllegalArgumentException("no crash point: " + name + " or " + NAME);
    }
    if (NAME.equals(TRACE)) {
      System.err.println("crash point " + name);
    } else if (NAME.equals(name) && LEFT.decrementAndGet() == 0) {
      System.err.println("crash point " + name + (HALTS ? ": halts" : ": dies"));
      if (HALTS) {
        signal("-STOP");
      } else {
        die();
      }
    }
  }

  /** Does not return: the thread waits here for the signal. */
  private static void die() {
    signal("-9");
    Runtime.getRuntime().halt(137);
  }

  private static void signal(String signal) {
    try {
      var pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", signal, pid).start().waitFor(10, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      // there is no kill here
    }
  }
}
