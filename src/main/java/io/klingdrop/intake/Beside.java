package io.klingdrop.intake;

import io.klingdrop.job.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What lies in a folder beside the files that are paired: files that grow, and the names of others
 * that mean nothing to klingdrop but perhaps to the person who put them there.
 */
record Beside(List<Growing> growing, List<String> strangers) {
  /**
   * A file that some program still writes under another name: it is not touched, and what it may
   * become is waited for.
   *
   * @param name as it lies there
   * @param becomes the name it will have; empty if its name does not tell
   * @param unchanged how long size and time have been the same, by our own clock
   */
  record Growing(String name, String becomes, Duration unchanged) {

    /** Whether it may become a file of that stem. */
    boolean mayBe(String stem) {
      return becomes.isEmpty() || InboxRules.stem(becomes).equals(stem);
    }
  }

  static final Beside NOTHING = new Beside(List.of(), List.of());

  private static final Set<String> DOCUMENTS =
      Set.of(
          "rtf doc docx docm dot dotx odt fodt ott pages md markdown text prompt wps wpd"
              .split(" ", -1));
  private static final Set<String> PICTURES =
      Set.of("jfif", "jfi", "jpe", "jif", "pjpeg", "pjp", "heif", "hif", "jxl", "jp2", "apng");

  /** Whether a file that may get one of those stems has changed within that time. */
  boolean grows(Collection<String> stems, Duration patience) {
    return growing.stream().anyMatch(file -> grows(file, stems, patience));
  }

  /** The same, for files whose names tell what they become. */
  boolean surelyGrows(String stem, Duration patience) {
    return growing.stream()
        .filter(file -> !file.becomes().isEmpty())
        .anyMatch(file -> grows(file, List.of(stem), patience));
  }

  private static boolean grows(Growing file, Collection<String> stems, Duration patience) {
    return file.unchanged().compareTo(patience) < 0 && stems.stream().anyMatch(file::mayBe);
  }

  /** A text document of that stem, which somebody surely meant as the prompt. */
  Optional<String> document(String stem) {
    return stranger(stem, DOCUMENTS::contains);
  }

  /** A picture of that stem, of a kind that is not taken. */
  Optional<String> picture(String stem) {
    return stranger(stem, PICTURES::contains);
  }

  private Optional<String> stranger(String stem, Predicate<String> extensions) {
    return strangers.stream()
        .filter(name -> InboxRules.stem(name).equals(stem))
        .filter(name -> extensions.test(InboxRules.extension(name)))
        .sorted()
        .findFirst();
  }

  /** What explains that a stem's other half did not come: a sentence, or an empty text. */
  String hint(String stem, NearNames names) {
    var stuck =
        growing.stream().filter(file -> !file.becomes().isEmpty() && file.mayBe(stem)).findFirst();
    if (stuck.isPresent()) {
      return "; %s lies beside it and does not grow any more: send that file again"
          .formatted(said(stuck.get().name()));
    }
    var other = stranger(stem, extension -> true);
    if (other.isPresent()) {
      return "; %s lies beside it, but klingdrop takes no files called .%s: save it as another kind"
          .formatted(said(other.get()), InboxRules.extension(other.get()));
    }
    return names
        .near(stem)
        .map(
            name ->
                "; %s lies beside it, but its name is not quite the same: both must be equal up to"
                        .formatted(said(name))
                    + " the extension, upper and lower case and blanks count")
        .orElse("");
  }

  private static String said(String name) {
    return Text.oneLine(name, 100);
  }
}
