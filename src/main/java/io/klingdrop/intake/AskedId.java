package io.klingdrop.intake;

import io.klingdrop.files.Moves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The job id that a submitter was told before its bundle is taken: a hidden note beside the files.
 */
final class AskedId {
  private static final Pattern ID = Pattern.compile("kd[0-9a-z]{16}");
  private static final int LONGEST = 100;

  private AskedId() {}

  private static Path note(Path folder, String name) {
    return folder.resolve("." + name + ".job");
  }

  static void keep(Path folder, String name, String id) throws IOException {
    Moves.write(note(folder, name), id);
  }

  /** The id for this bundle, if somebody was told one. */
  static Optional<String> of(Bundle bundle) throws IOException {
    var note = note(bundle.lead().resolveSibling("."), bundle.name()).normalize();
    if (!Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS) || Files.size(note) > LONGEST) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(note).strip()).filter(id -> ID.matcher(id).matches());
  }

  static void forget(Bundle bundle) throws IOException {
    Files.deleteIfExists(note(bundle.lead().resolveSibling("."), bundle.name()).normalize());
  }
}
