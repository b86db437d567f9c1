package io.klingdrop.files;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** File names of dropped things, made fit for every tree of ours. */
public final class Names {
  /** What klingdrop writes into the folders of jobs that became no video. */
  static final List<String> NOTES = List.of("error.json", "error.txt", "duplicate.json");

  /** What Linux file systems take for one name. */
  private static final int MOST_BYTES = 255;

  private static final List<Integer> SHORTER_BYTES = List.of(MOST_BYTES, 143, 100);

  /** Camel reads a backslash as a folder everywhere; the rest is Windows' own list. */
  private static final String FORBIDDEN = File.separatorChar == '\\' ? "/\\:*?\"<>|" : "/\\";

  private Names() {}

  /**
   * The name as it was, but for what this file system or Camel trips over: separators, control
   * characters and halves of characters become {@code _}.
   */
  public static String safe(String name) {
    var out = new StringBuilder();
    name.codePoints()
        .forEach(
            c ->
                out.appendCodePoint(
                    Character.isISOControl(c) || isHalf(c) || FORBIDDEN.indexOf(c) >= 0 ? '_' : c));
    var safe = out.toString();
    return safe.isBlank() || safe.matches("\\.+") ? "_" : safe;
  }

  private static boolean isHalf(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  /** The safe name of a file that lies in one folder with our notes: never that of a note. */
  public static String besideNotes(String name) {
    var safe = safe(name);
    return NOTES.contains(safe) ? stem(safe) + "~2" + extension(safe) : safe;
  }

  /** Sub path whose every folder is {@link #safe}; empty stays empty. */
  public static String safePath(String subPath) {
    return subPath.isEmpty()
        ? ""
        : Arrays.stream(subPath.split("/", -1)).map(Names::safe).collect(Collectors.joining("/"));
  }

  /** Stem, suffix and extension as one name that fits a file system, the stem cut if need be. */
  public static String fit(String stem, String tail) {
    return fit(MOST_BYTES, stem, tail);
  }

  /** The same for the disk that folder lies on, which may take less. */
  public static String fit(Path folder, String stem, String tail) {
    return fit(longest(folder), stem, tail);
  }

  static String fit(int most, String stem, String tail) {
    var fittingTail = cut(tail, most);
    return cut(stem, most - bytes(fittingTail)) + fittingTail;
  }

  /**
   * How many bytes a name may have in a folder. An encrypted home folder (eCryptfs) takes 143, for
   * it writes longer names itself; what the disk takes shows when a name that long is looked for.
   */
  static int longest(Path folder) {
    return SHORTER_BYTES.stream().filter(bytes -> takes(folder, bytes)).findFirst().orElse(64);
  }

  private static boolean takes(Path folder, int bytes) {
    try {
      Files.readAttributes(
          folder.resolve("x".repeat(bytes)), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException | AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The text cut to so many bytes, never through a character. */
  static String cut(String text, int room) {
    var fitting = text;
    while (bytes(fitting) > room) {
      fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
    }
    return fitting;
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** {@code name.ext}, or {@code name~2.ext} and so on if that is taken in the folder. */
  public static String free(Path folder, String stem, String extension) {
    var longest = longest(folder);
    var name = fit(longest, stem, extension);
    for (int n = 2; Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS); n++) {
      name = fit(longest, stem, "~" + n + extension);
    }
    return name;
  }

  /** The part of a file name before its last dot, the whole name if there is none. */
  public static String stem(String fileName) {
    var dot = fileName.lastIndexOf('.');
    return dot <= 0 ? fileName : fileName.substring(0, dot);
  }

  /** The last dot and what follows, empty if there is none. */
  public static String extension(String fileName) {
    var dot = fileName.lastIndexOf('.');
    return dot <= 0 ? "" : fileName.substring(dot);
  }
}
