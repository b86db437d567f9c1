package io.klingdrop.files;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names that every place takes. A name is first tried as it is; only where the place refuses it
 * the plain one is used, and the name as it was then stands in the notes. What places refuse:
 * {@code : ? " * < > |} and blanks or dots at the end (FAT, NTFS, SMB), the names of DOS devices
 * (SMB and Windows), more than 143 bytes (eCryptfs, as NAS boxes encrypt their shares with it).
 */
public final class PlainNames {
  /** The least that a file system in use gives for one name. */
  static final int MOST_BYTES = 143;

  private static final Set<String> DEVICES =
      Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

  private PlainNames() {}

  /** The plain form of a name; a plain name is its own. Different names may become one. */
  public static String of(String name) {
    return of(name, 0);
  }

  /** The same, leaving room for a tail that is put behind its stem, in bytes. */
  public static String of(String name, int room) {
    var taken = Names.safe(name).replaceAll("[/\\\\:*?\"<>|]", "_");
    var extension = Names.extension(taken);
    var most = MOST_BYTES - room;
    var plain =
        Names.bytes(extension) > most / 2
            ? Names.cut(taken, most)
            : Names.cut(Names.stem(taken), most - Names.bytes(extension)) + extension;
    var stem = plain.replaceFirst("\\..*$", "").strip().toLowerCase(Locale.ROOT);
    if (DEVICES.contains(stem) || stem.matches("(com|lpt)[0-9\u00b9\u00b2\u00b3]")) {
      plain = "_" + plain;
    }
    return plain.matches("(?s).*[. ]") ? plain.substring(0, plain.length() - 1) + "_" : plain;
  }

  /** What a name is tried as, in this order. */
  public static List<String> tries(String name) {
    return List.of(name, of(name)).stream().distinct().toList();
  }

  /**
   * What the file of a bundle is tried as in a folder that also holds our notes. A plain one bears
   * a mark of the name it stands for: two files of a bundle are never one.
   */
  public static List<String> besideNotes(String name) {
    var beside = Names.besideNotes(name);
    if (of(beside).equals(beside)) {
      return List.of(beside);
    }
    var mark = "~" + Hashes.sha256(beside).substring(0, 6);
    var plain = of(beside, mark.length());
    return List.of(beside, Names.stem(plain) + mark + Names.extension(plain));
  }

  /**
   * The file of a bundle where it lies: in its work folder, or beside our notes under the name the
   * place took. A file that is not there has its own name.
   */
  public static Path find(Path home, String name) {
    var names = new ArrayList<>(besideNotes(name));
    names.add(name);
    names.add(of(name));
    return names.stream()
        .map(home::resolve)
        .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
        .findFirst()
        .orElseGet(() -> home.resolve(name));
  }
}
