package io.klingdrop.control;

import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the folders and refuses an inbox that would eat what klingdrop itself writes. */
public final class FolderCheck {

  private FolderCheck() {}

  /**
   * Creates missing folders and compares their real paths.
   *
   * @return what is wrong, one sentence each, naming the key; empty if all is well
   */
  public static List<String> prepare(Folders folders) {
    var problems = new ArrayList<String>();
    var real = new LinkedHashMap<String, Path>();
    for (var entry : byKey(folders).entrySet()) {
      try {
        Files.createDirectories(entry.getValue());
        real.put(entry.getKey(), entry.getValue().toRealPath());
        if (!Files.isWritable(entry.getValue())) {
          problems.add(entry.getKey() + ": " + entry.getValue() + " is not writable");
        }
      } catch (IOException e) {
        problems.add(
            "%s: %s cannot be made (%s)"
                .formatted(entry.getKey(), entry.getValue(), e.getMessage()));
      }
    }
    real.forEach(
        (key, path) ->
            real.forEach(
                (other, otherPath) -> {
                  if (key.compareTo(other) < 0 && overlap(key, path, other, otherPath)) {
                    problems.add(
                        "%s (%s) and %s (%s) overlap: give each a folder of its own"
                            .formatted(key, path, other, otherPath));
                  }
                }));
    return problems;
  }

  private static boolean overlap(String key, Path path, String other, Path otherPath) {
    var inbox = "klingdrop.inbox.dir";
    if (key.equals(inbox) || other.equals(inbox)) {
      return path.startsWith(otherPath) || otherPath.startsWith(path);
    }
    return path.equals(otherPath);
  }

  private static Map<String, Path> byKey(Folders folders) {
    var byKey = new LinkedHashMap<String, Path>();
    byKey.put("klingdrop.inbox.dir", folders.inbox());
    byKey.put("klingdrop.outbox.dir", folders.outbox());
    byKey.put("klingdrop.failed.dir", folders.failed());
    byKey.put("klingdrop.duplicates.dir", folders.duplicates());
    byKey.put("klingdrop.archive.dir", folders.archive());
    byKey.put("klingdrop.data.dir", folders.data());
    return byKey;
  }
}
