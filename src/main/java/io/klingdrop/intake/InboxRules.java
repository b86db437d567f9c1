package io.klingdrop.intake;

import io.klingdrop.files.Names;
import io.klingdrop.job.Role;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which names in the inbox mean what. Roles go by the name here; the bytes are judged later. */
final class InboxRules {
  /** The stem of the picture of a whole folder. */
  static final String FOLDER_IMAGE = "_image";

  private static final Map<Role, Set<String>> KINDS =
      Map.of(
          Role.IMAGE,
          Set.of("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif"),
          Role.AUDIO,
          Set.of("mp3", "wav", "m4a", "aac", "ogg", "oga", "opus", "flac", "mp4", "wma"),
          Role.SIDECAR,
          Set.of("txt", "json", "yaml", "yml"));

  private static final Set<String> DEFAULTS = Set.of("_defaults.yaml", "_defaults.yml");
  private static final Map<String, String> OUR_NOTES =
      Map.of("error.json", "error", "error.txt", "error", "duplicate.json", "duplicate");
  private static final Pattern JUNK =
      Pattern.compile(
          "\\..*|~\\$.*|thumbs\\.db|desktop\\.ini", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private InboxRules() {}

  /** Names of files and folders that are never looked at. */
  static boolean junk(String name) {
    return JUNK.matcher(name).matches()
        || Bins.named(name)
        || PartialNames.becomes(name).isPresent();
  }

  /** What a file with that name is to a bundle; empty if its name means nothing to us. */
  static Optional<Role> role(String name) {
    var extension = extension(name);
    return Stream.of(Role.values())
        .filter(role -> KINDS.getOrDefault(role, Set.of()).contains(extension) && !defaults(name))
        .findFirst();
  }

  /** Whether the file gives parameters to its folder and below. */
  static boolean defaults(String name) {
    return DEFAULTS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether the file is the picture of a whole folder. */
  static boolean folderImage(String name) {
    return stem(name).equals(FOLDER_IMAGE) && role(name).filter(r -> r == Role.IMAGE).isPresent();
  }

  /** The stem an own note would have, if the name is that of a note klingdrop writes. */
  static Optional<String> ownNote(String name) {
    return Optional.ofNullable(OUR_NOTES.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether a file of that name is more, or less, than a file of one bundle: parameters or picture
   * of a whole folder, a note of ours, or one that is never looked at.
   */
  static boolean hasMeaning(String name) {
    return junk(name) || defaults(name) || folderImage(name) || ownNote(name).isPresent();
  }

  /** The extensions of each role, small and without the dot. */
  static Map<Role, Set<String>> kinds() {
    return KINDS;
  }

  /** Whether a sidecar holds settings rather than a plain prompt. */
  static boolean structured(String name) {
    return !extension(name).equals("txt");
  }

  /** What files of one bundle have in common; two spellings of one accent are the same. */
  static String stem(String name) {
    return Normalizer.normalize(Names.stem(name), Normalizer.Form.NFC);
  }

  /** What follows the last dot, in small letters; empty if nothing does. */
  static String extension(String name) {
    var extension = Names.extension(name);
    return extension.isEmpty() ? "" : extension.substring(1).toLowerCase(Locale.ROOT);
  }
}
