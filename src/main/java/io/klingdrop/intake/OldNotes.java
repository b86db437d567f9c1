package io.klingdrop.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.files.RootedFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the notes of an earlier failure that somebody moved back into the inbox with the files,
 * once all files they speak of have been taken.
 */
final class OldNotes {
  private static final Logger LOG = LoggerFactory.getLogger(OldNotes.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 1 << 20;

  private OldNotes() {}

  /**
   * Looks at the notes in a folder from which files were taken. Never fails: a note that stays does
   * no harm.
   */
  static void tidy(Path inbox, Path folder) {
    try (var opened = RootedFolder.open(inbox, folder)) {
      tidy(opened, "error.json", "error.txt");
      tidy(opened, "duplicate.json", "duplicate.json");
    } catch (IOException | RuntimeException e) {
      LOG.debug("notes in {} stay: {}", folder, e.toString());
    }
  }

  private static void tidy(RootedFolder folder, String note, String companion) throws IOException {
    if (!folder.has(note) || folder.attributes(note).size() > LONGEST) {
      return;
    }
    var files = JSON.readTree(folder.read(note, LONGEST)).path("files");
    if (!files.isArray() || files.isEmpty()) {
      return;
    }
    for (var file : files) {
      var name = Path.of(file.asText()).getFileName();
      if (name == null || folder.has(name.toString())) {
        return;
      }
    }
    if (!companion.equals(note) && folder.has(companion)) {
      folder.delete(companion);
    }
    folder.delete(note);
  }
}
