package io.klingdrop.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slips of paper about uploads in parts that are under way, one file each: what a crash leaves can
 * be thrown away afterwards. Servers say too little about it: some tell no honest time.
 * Thread-safe.
 */
final class UploadNotes {
  private static final Logger LOG = LoggerFactory.getLogger(UploadNotes.class);

  private final Path folder;
  private final Set<Path> underWay = ConcurrentHashMap.newKeySet();

  private final boolean withOthers;

  /** In that folder; {@code withOthers} where other nodes put objects under the same keys. */
  UploadNotes(Path folder, boolean withOthers) {
    this.folder = folder;
    this.withOthers = withOthers;
  }

  /** Whether an upload that has no name here may be another node's. */
  boolean withOthers() {
    return withOthers;
  }

  /**
   * One upload.
   *
   * @param file the note about it
   * @param id empty while the server has not named it
   */
  record Note(Path file, String bucket, String key, String id) {}

  Note keep(String bucket, String key) {
    var file = folder.resolve(UUID.randomUUID() + ".upload");
    underWay.add(file);
    return write(new Note(file, bucket, key, ""));
  }

  Note named(Note note, String id) {
    return write(new Note(note.file(), note.bucket(), note.key(), id));
  }

  private Note write(Note note) {
    try {
      Files.createDirectories(folder);
      Files.writeString(note.file(), String.join("\n", note.bucket(), note.id(), note.key()));
      return note;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The upload is finished, or its parts are thrown away. */
  void forget(Note note) {
    try {
      Files.deleteIfExists(note.file());
    } catch (IOException e) {
      LOG.debug("the note of an upload stays: {}", e.toString());
    }
    underWay.remove(note.file());
  }

  /** The upload is over, but its parts could not be thrown away: the next one does. */
  void leave(Note note) {
    underWay.remove(note.file());
  }

  /** Uploads of tries that died. */
  List<Note> left() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.newDirectoryStream(folder, "*.upload")) {
      var notes = new ArrayList<Note>();
      for (var file : files) {
        if (!underWay.contains(file)) {
          var lines = Files.readString(file).split("\n", 3);
          // a note cut off in the middle names no key: its upload had not begun
          notes.add(
              lines.length == 3
                  ? new Note(file, lines[0], lines[2], lines[1])
                  : new Note(file, "", "", ""));
        }
      }
      return notes;
    } catch (IOException e) {
      LOG.debug("the notes of uploads cannot be read: {}", e.toString());
      return List.of();
    }
  }
}
