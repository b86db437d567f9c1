package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives files and folders the names people gave them, or the plain ones where a place refuses. What
 * a place takes is found out by trying: no mount says it.
 */
public final class Fitting {

  private Fitting() {}

  /** Something that is done to one path. */
  @FunctionalInterface
  public interface Act {
    /** Does it. */
    void to(Path path) throws IOException;
  }

  /**
   * Does something to the first name the folder takes, and answers its path.
   *
   * @throws IOException the first refusal, if none is taken; {@link FileAlreadyExistsException} at
   *     once
   */
  public static Path first(Path folder, List<String> names, Act act) throws IOException {
    FileSystemException refusal = null;
    for (var name : names) {
      var path = folder.resolve(name);
      try {
        act.to(path);
        return path;
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (FileSystemException e) {
        if (refusal == null) {
          refusal = e;
        } else {
          refusal.addSuppressed(e);
        }
      }
    }
    throw refusal == null ? new IOException("no name to try in " + folder) : refusal;
  }

  /** The folder of a profile and its sub path below a tree; missing ones are made. */
  public static Path folder(Path tree, String profile, String subPath) throws IOException {
    var folder = Files.createDirectories(tree);
    folder = first(folder, PlainNames.tries(Names.safe(profile)), Files::createDirectories);
    for (var part : subPath.isEmpty() ? new String[0] : Names.safePath(subPath).split("/", -1)) {
      folder = first(folder, PlainNames.tries(part), Files::createDirectories);
    }
    return folder;
  }
}
