package io.klingdrop.intake;

import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the inbox will say of a bundle that is being handed in, asked before its files have their
 * names: the pairing itself judges them, beside what waits there and would serve them too. So
 * nothing is let in that would only wait there for a half that was never sent.
 */
final class PairingPreview {
  /** Longer than any file is waited for. */
  private static final Duration AGES = Duration.ofDays(100_000);

  private static final Pairing.Timing AT_ONCE = new Pairing.Timing(Duration.ZERO, Duration.ZERO);

  private PairingPreview() {}

  /**
   * Goes on if the inbox would take these files, which are in the submission's order.
   *
   * @throws BundleException if the pairing refuses them
   */
  static void require(Submission submission, Path inbox, Needs needs, List<Landing> files)
      throws IOException {
    var folder = inbox.resolve(submission.profile());
    var bytes = new HashMap<Path, Path>();
    var seen = new ArrayList<Dropped>();
    for (int n = 0; n < files.size(); n++) {
      var part = submission.files().get(n);
      var path = folder.resolve(submission.name() + part.extension());
      bytes.put(path, files.get(n).part());
      seen.add(waiting(path, part.role()));
    }
    seen.addAll(here(folder, name -> serves(name, submission.name())));
    var defaults = here(inbox, InboxRules::defaults);
    defaults.addAll(here(folder, InboxRules::defaults));
    var place =
        new Pairing.Place(
            submission.profile(),
            "",
            needs.reading(file -> bytes.getOrDefault(file, file)),
            defaults);
    var fault =
        Pairing.pair(place, AT_ONCE, served -> false, seen, Beside.NOTHING)
            .faults()
            .get(seen.get(0).stem());
    if (fault != null) {
      throw refusal(fault, submission.profile());
    }
  }

  /** A file that has settled long ago. */
  private static Dropped waiting(Path path, Role role) {
    return new Dropped(path, role, 1, 0, AGES);
  }

  private static List<Dropped> here(Path folder, Predicate<String> names) throws IOException {
    try (var files = Files.list(folder)) {
      var found = new ArrayList<Dropped>();
      for (var file : (Iterable<Path>) files::iterator) {
        var name = file.getFileName().toString();
        if (InboxScan.means(name)
            && names.test(name)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(waiting(file, InboxRules.role(name).orElse(Role.SIDECAR)));
        }
      }
      return found;
    }
  }

  /** Whether a file may serve a bundle of another name: the picture of a folder, or a parent's. */
  private static boolean serves(String file, String stem) {
    return InboxRules.folderImage(file)
        || Pairing.parent(stem).filter(InboxRules.stem(file)::equals).isPresent();
  }

  private static BundleException refusal(Fault fault, String profile) {
    var said =
        switch (fault) {
          case NO_PROFILE -> "there is no profile " + profile;
          case NO_PICTURE -> "a bundle needs a picture";
          case NO_RECORDING -> "a bundle for the profile %s needs a recording".formatted(profile);
          case RECORDING_NOT_TAKEN ->
              "the model of profile %s takes no recording, only a picture and a prompt"
                  .formatted(profile);
          case NO_SIDECAR ->
              "a bundle for the profile %s needs a prompt or parameters, in a .txt, .yaml or .json file"
                  .formatted(profile);
          case TOO_MANY ->
              "a bundle has one picture, one recording, one text and one file of parameters at"
                  + " most";
          case BAD_NAME, RESERVED_NAME, FILE_KIND, NO_CONTENT, KEY_TOO_LONG, KEY_REUSED ->
              "the inbox would not take this bundle";
        };
    return new BundleException(fault, said, profile);
  }
}
