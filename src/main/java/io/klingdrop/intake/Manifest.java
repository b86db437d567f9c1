package io.klingdrop.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be taken, written into the job's work folder before the first file moves, so
 * that a taking that was cut off can be finished or undone.
 */
record Manifest(
    String id,
    String profile,
    String subPath,
    String name,
    List<Entry> files,
    @Nullable FailureClass refusalClass,
    @Nullable String refusal,
    @Nullable String node) {
  static final String FILE = "bundle.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  Manifest {
    files = List.copyOf(files);
  }

  /** One file: where it lay and what it looked like. */
  record Entry(Role role, String from, long bytes, long modified, boolean shared) {
    Path path() {
      return Path.of(from);
    }

    String name() {
      return path().getFileName().toString();
    }
  }

  /** The note of a bundle; {@code node} is the mark of the node that takes it, empty for none. */
  static Manifest of(String id, Bundle bundle, String node) {
    var files = bundle.members().stream().map(Manifest::entry).toList();
    var taker = node.isEmpty() ? null : node;
    return new Manifest(
            id, bundle.profile(), bundle.subPath(), bundle.name(), files, null, null, taker)
        .refused(files, bundle.refusal());
  }

  private static Entry entry(Bundle.Member member) {
    var file = member.file();
    return new Entry(
        file.role(), file.path().toString(), file.bytes(), file.modified(), member.shared());
  }

  /** The same bundle with these files, to be refused for that; null for a good one. */
  Manifest refused(List<Entry> files, @Nullable Failure why) {
    return new Manifest(
        id,
        profile,
        subPath,
        name,
        files,
        why == null ? null : why.failureClass(),
        why == null ? null : why.message(),
        node);
  }

  /** Why it can only be taken to be refused, null for a good bundle. */
  @Nullable Failure failure() {
    return refusalClass == null || refusal == null ? null : Failure.of(refusalClass, refusal);
  }

  void write(Path workFolder) throws IOException {
    ObjectNode json = JSON.valueToTree(this);
    if (refusal == null) {
      json.remove(List.of("refusalClass", "refusal"));
    }
    if (node == null) {
      json.remove("node");
    }
    AtomicFiles.write(workFolder.resolve(FILE), json.toString());
  }

  /**
   * Reads it again.
   *
   * @throws IOException if it is not whole
   */
  static Manifest read(Path workFolder) throws IOException {
    try {
      return Optional.ofNullable(JSON.readValue(workFolder.resolve(FILE).toFile(), Manifest.class))
          .orElseThrow(() -> new IOException("the note " + FILE + " says nothing"));
    } catch (JsonProcessingException e) {
      throw new IOException("the note " + FILE + " is not readable", e);
    }
  }
}
