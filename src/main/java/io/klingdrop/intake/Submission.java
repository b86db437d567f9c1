package io.klingdrop.intake;

import io.klingdrop.files.Names;
import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

  private static final List<Role> ORDER = List.of(Role.SIDECAR, Role.IMAGE, Role.AUDIO);

  /** The bytes of a file; may be asked for once. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;

    /** That of a file, unless a link has its name. */
    static Content of(Path file) {
      return () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }
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
      var file = stem + part.extension();
      if (InboxRules.hasMeaning(file) || Foreign.conflictCopy(file)) {
        throw reserved(file);
      }
    }
    parts.sort(Comparator.comparingInt(part -> ORDER.indexOf(part.role())));
    var composed = Normalizer.normalize(Names.safe(stem), Normalizer.Form.NFC);
    return new Submission(Names.safe(profile), Landing.cut(composed), parts);
  }

  private static Part part(String file, Content content) {
    var role = InboxRules.role(file).orElse(null);
    if (role == null) {
      var said = Text.oneLine(file, 100);
      throw new BundleException(
          Fault.FILE_KIND, said + " is no picture, recording or sidecar by its name", said);
    }
    return new Part(role, Names.extension(file).toLowerCase(Locale.ROOT), content);
  }

  /** A name is no path, and can be read and typed. */
  private static void plain(String name) {
    var odd =
        name.isBlank() || name.matches("\\.+") || name.codePoints().anyMatch(Submission::isOdd);
    if (odd) {
      var said = Text.oneLine(name, 100);
      throw new BundleException(
          Fault.BAD_NAME,
          "a name is no path, is not empty and has no control characters: \"%s\"".formatted(said),
          said);
    }
  }

  private static boolean isOdd(int c) {
    return c == '/'
        || c == '\\'
        || Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE;
  }

  private static BundleException reserved(String name) {
    var said = Text.oneLine(name, 100);
    return new BundleException(
        Fault.RESERVED_NAME,
        "%s means something else in the inbox; choose another name".formatted(said),
        said);
  }
}
