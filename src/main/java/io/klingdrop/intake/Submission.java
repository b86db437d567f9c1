package io.klingdrop.intake;

import io.klingdrop.files.Names;
import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A bundle that somebody wants to hand over, judged by its names alone.
 *
 * @param name stem of its files
 * @param files in the order they get their names: no half of it must look like a whole bundle
 */
record Submission(String profile, String name, List<Part> files) {

  /** The bytes of a file; may be asked for once. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  /** One file; its extension has the dot and small letters. */
  record Part(Role role, String extension, Content content) {}

  /**
   * The bundle of these files.
   *
   * @param name empty: that of the picture
   * @param files by the names the sender calls them
   * @throws BundleException if they are not one
   */
  static Submission of(String profile, String name, Map<String, Content> files) {
    plain(profile);
    files.keySet().forEach(Submission::plain);
    var parts = new ArrayList<Part>();
    files.forEach((file, content) -> parts.add(part(file, content)));
    var stem = name;
    for (var role : List.of(Role.IMAGE, Role.AUDIO, Role.SIDECAR)) {
      for (var file : files.keySet()) {
        if (stem.isEmpty() && InboxRules.role(file).filter(role::equals).isPresent()) {
          stem = Names.stem(file);
        }
      }
    }
    if (parts.stream().map(Part::extension).distinct().count() < parts.size()) {
      throw new BundleException(
          Fault.TOO_MANY, "two files of one kind would have one name in the inbox", "");
    }
    if (parts.isEmpty()) {
      throw new BundleException(Fault.NO_PICTURE, "there is no file; a bundle needs a picture", "");
    }
    plain(stem);
    if (InboxRules.junk(profile)) {
      throw reserved(profile);
    }
    for (var part : parts) {
      if (InboxRules.hasMeaning(stem + part.extension())
          || Foreign.conflictCopy(stem + part.extension())) {
        throw reserved(stem + part.extension());
      }
    }
    parts.sort(Comparator.comparingInt(part -> order(part.role())));
    return new Submission(Names.safe(profile), Landing.cut(composed(Names.safe(stem))), parts);
  }

  private static String composed(String stem) {
    return Normalizer.normalize(stem, Normalizer.Form.NFC);
  }

  private static Part part(String file, Content content) {
    var role =
        InboxRules.role(file)
            .orElseThrow(
                () ->
                    new BundleException(
                        Fault.FILE_KIND,
                        Text.oneLine(file, 100)
                            + " is no picture, recording or sidecar by its name",
                        Text.oneLine(file, 100)));
    return new Part(role, Names.extension(file).toLowerCase(Locale.ROOT), content);
  }

  private static int order(Role role) {
    return switch (role) {
      case SIDECAR -> 0;
      case IMAGE -> 1;
      case AUDIO -> 2;
    };
  }

  /** A name is no path, and can be read and typed. */
  private static void plain(String name) {
    var odd =
        name.isBlank()
            || name.matches("\\.+")
            || name.codePoints()
                .anyMatch(
                    c ->
                        c == '/'
                            || c == '\\'
                            || Character.isISOControl(c)
                            || Character.getType(c) == Character.SURROGATE);
    if (odd) {
      throw new BundleException(
          Fault.BAD_NAME,
          "a name is no path, is not empty and has no control characters: \"%s\""
              .formatted(Text.oneLine(name, 100)),
          Text.oneLine(name, 100));
    }
  }

  private static BundleException reserved(String name) {
    return new BundleException(
        Fault.RESERVED_NAME,
        "%s means something else in the inbox; choose another name"
            .formatted(Text.oneLine(name, 100)),
        Text.oneLine(name, 100));
  }
}
