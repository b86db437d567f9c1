package io.klingdrop.intake;

import io.klingdrop.files.Rights;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Text;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What can be told of rights before a bundle is taken; the rest only a try shows. For one reading
 * of the inbox: each folder is asked once.
 */
final class Obstacles {
  private final Map<Path, Boolean> open = new HashMap<>();
  private final Map<Path, Boolean> sticky = new HashMap<>();

  /** Why the bundle must stay where it is until somebody gives rights; empty if it need not. */
  Optional<String> of(Bundle bundle) {
    for (var member : bundle.members()) {
      var file = member.file().path();
      if (member.shared() && closed(file)) {
        return Optional.of(waits(file));
      }
      var folder = InboxScan.above(file);
      if (!member.shared() && !movable(folder, file)) {
        return Optional.of(
            "cannot be taken: permission denied to move files out of %s: %s"
                .formatted(InboxScan.said(folder), Rights.of(folder)));
      }
    }
    return bundle.defaults().stream().filter(Obstacles::closed).findFirst().map(Obstacles::waits);
  }

  private boolean movable(Path folder, Path file) {
    return open.computeIfAbsent(folder, path -> !Files.isDirectory(path) || Rights.mayChange(path))
        && !(sticky.computeIfAbsent(folder, Rights::sticky) && Rights.keeps(folder, file));
  }

  private static String waits(Path file) {
    return "waits for %s, which cannot be read: permission denied: %s"
        .formatted(InboxScan.said(file), Rights.of(file));
  }

  /** The same bundle; refused if a file of its own is closed to us. */
  static Bundle unreadable(Bundle bundle) {
    for (var member : bundle.members()) {
      var file = member.file().path();
      if (bundle.refusal() == null && closed(file)) {
        var name = Text.oneLine(InboxScan.name(file), 200);
        return bundle.refused(
            Failure.of(
                FailureClass.INVALID,
                "%s cannot be read: permission denied: %s".formatted(name, Rights.of(file))));
      }
    }
    return bundle;
  }

  private static boolean closed(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file);
  }
}
