package io.klingdrop.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
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
   * Looks at the notes beside a file that was taken. Never fails: a note that stays does no harm.
   */
  static void tidy(Path taken) {
    tidy(taken.resolveSibling("error.json"), taken.resolveSibling("error.txt"));
    tidy(taken.resolveSibling("duplicate.json"), taken.resolveSibling("duplicate.json"));
  }

  private static void tidy(Path note, Path companion) {
    try {
      if (!Files.isRegularFile(note) || Files.size(note) > LONGEST) {
        return;
      }
      var files = JSON.readTree(note.toFile()).path("files");
      if (!files.isArray() || files.isEmpty()) {
        return;
      }
      for (var file : files) {
        var name = Path.of(file.asText()).getFileName();
        if (name == null || Files.exists(note.resolveSibling(name))) {
          return;
        }
      }
      Files.deleteIfExists(companion);
      Files.deleteIfExists(note);
    } catch (IOException | RuntimeException e) {
      LOG.debug("the note {} stays: {}", note, e.toString());
    }
  }
}
