package io.klingdrop.intake;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Rights;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps files in the inbox although they are complete, until it works: told once in the log,
 * in health, and in a note in the data folder that {@code status} and {@code plan} read. The
 * scanning thread changes them; questions may come from any thread.
 */
final class Hindrances {
  private static final Logger LOG = LoggerFactory.getLogger(Hindrances.class);
  private static final long AGAIN_NANOS = 30_000_000_000L;
  private static final int MOST_NOTED = 100;
  private static final int LONGEST_NOTE = 1 << 20;

  private final @Nullable Path note;
  private final Map<Path, Failed> failed = new HashMap<>();
  private Map<Path, String> known = Map.of();
  private boolean noted;
  private volatile List<String> told = List.of();

  /** A bundle that could not be taken: why, how often, and when it is tried again. */
  private record Failed(String why, boolean lasting, long until) {}

  /** With the file that keeps them for other processes; null for none. */
  Hindrances(@Nullable Path note) {
    this.note = note;
  }

  /** One sentence each; empty if nothing is in the way. */
  List<String> told() {
    return told;
  }

  /** A bundle could not be taken now; answers whether this is news. */
  boolean failed(Bundle bundle, Exception cause, long nowNanos) {
    var before = failed.get(bundle.lead());
    var why = why(bundle, cause);
    failed.put(
        bundle.lead(),
        new Failed(why, before != null || Rights.denied(cause), nowNanos + AGAIN_NANOS));
    return before == null || !before.why().equals(why);
  }

  private static String why(Bundle bundle, Exception cause) {
    if (!(cause instanceof IOException failure) || !Rights.denied(cause)) {
      return cause.toString();
    }
    var file = InboxScan.said(bundle.lead().getFileName());
    return "permission denied (%s). Of %s: %s. Of its folder: %s"
        .formatted(
            Text.oneLine(String.valueOf(failure.getMessage()), 300),
            file,
            Rights.of(bundle.lead()),
            Rights.of(InboxScan.above(bundle.lead())));
  }

  /** Whether the bundle failed a moment ago and is left in peace. */
  boolean resting(Path lead, long nowNanos) {
    var last = failed.get(lead);
    return last != null && last.until() - nowNanos > 0;
  }

  /** Whether the bundle has failed in a way that does not pass by itself. */
  boolean lasting(Path lead) {
    var last = failed.get(lead);
    return last != null && last.lasting();
  }

  /** What has gone, or changed, is forgotten. */
  void keepOnly(Collection<Path> leads) {
    failed.keySet().retainAll(Set.copyOf(leads));
  }

  /** All of one scan: those found by looking, and those of bundles that failed. */
  void now(Map<Path, String> seen) {
    var all = new TreeMap<>(seen);
    failed.forEach(
        (lead, last) -> {
          if (last.lasting()) {
            all.putIfAbsent(lead, "cannot be taken: " + last.why());
          }
        });
    if (noted && all.equals(known)) {
      return;
    }
    all.forEach(
        (path, why) -> {
          if (!why.equals(known.get(path)) && !failed.containsKey(path)) {
            LOG.error("{} {}. It stays in the inbox; nothing was sent.", InboxScan.said(path), why);
          }
        });
    known.keySet().stream()
        .filter(path -> !all.containsKey(path))
        .forEach(path -> LOG.info("{} is no longer in the way", InboxScan.said(path)));
    known = all;
    told = all.entrySet().stream().map(Hindrances::sentence).toList();
    noted = write();
  }

  private static String sentence(Map.Entry<Path, String> one) {
    return InboxScan.said(one.getKey()) + " " + one.getValue();
  }

  private boolean write() {
    if (note == null) {
      return true;
    }
    try {
      if (told.isEmpty()) {
        Files.deleteIfExists(note);
      } else {
        AtomicFiles.write(
            note,
            told.stream()
                .limit(MOST_NOTED)
                .map(line -> Text.oneLine(line, 2000) + "\n")
                .collect(Collectors.joining()));
      }
      return true;
    } catch (IOException e) {
      LOG.debug("the note {} cannot be written: {}", note, e.toString());
      return false;
    }
  }

  /** What a service noted there last; empty if nothing is in its way. */
  static List<String> noted(Path note) {
    try {
      return Files.isRegularFile(note) && Files.size(note) <= LONGEST_NOTE
          ? Files.readString(note).lines().filter(line -> !line.isBlank()).toList()
          : List.of();
    } catch (IOException e) {
      return List.of("what could not be taken is not known: " + e);
    }
  }
}
