package io.klingdrop.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<Entry> entries,
    @Nullable Failure refusal) {
  static final String FILE = "bundle.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One file: where it lay and what it looked like. */
  record Entry(Role role, Path from, long bytes, long modified, boolean shared) {
    String name() {
      return from.getFileName().toString();
    }

    /** The same file as it looks now. */
    Entry as(long bytes, long modified) {
      return new Entry(role, from, bytes, modified, shared);
    }
  }

  static Manifest of(String id, Bundle bundle) {
    var entries =
        bundle.members().stream()
            .map(
                member ->
                    new Entry(
                        member.file().role(),
                        member.file().path(),
                        member.file().bytes(),
                        member.file().modified(),
                        member.shared()))
            .toList();
    return new Manifest(
        id, bundle.profile(), bundle.subPath(), bundle.name(), entries, bundle.refusal());
  }

  void write(Path workFolder) throws IOException {
    var json = JSON.createObjectNode();
    json.put("id", id).put("profile", profile).put("subPath", subPath).put("name", name);
    var files = json.putArray("files");
    for (var entry : entries) {
      files
          .addObject()
          .put("role", entry.role().name())
          .put("from", entry.from().toString())
          .put("bytes", entry.bytes())
          .put("modified", entry.modified())
          .put("shared", entry.shared());
    }
    if (refusal != null) {
      json.put("refusalClass", refusal.failureClass().name()).put("refusal", refusal.message());
    }
    AtomicFiles.write(workFolder.resolve(FILE), json.toString());
  }

  static Manifest read(Path workFolder) throws IOException {
    if (!(JSON.readTree(workFolder.resolve(FILE).toFile()) instanceof ObjectNode json)) {
      throw new IOException("the note " + FILE + " is not readable");
    }
    var entries = new ArrayList<Entry>();
    for (var file : json.path("files")) {
      entries.add(
          new Entry(
              Role.valueOf(file.path("role").asText()),
              Path.of(file.path("from").asText()),
              file.path("bytes").asLong(),
              file.path("modified").asLong(),
              file.path("shared").asBoolean()));
    }
    var failureClass = json.path("refusalClass").asText("");
    return new Manifest(
        json.path("id").asText(),
        json.path("profile").asText(),
        json.path("subPath").asText(),
        json.path("name").asText(),
        entries,
        failureClass.isEmpty()
            ? null
            : new Failure(
                FailureClass.valueOf(failureClass),
                null,
                json.path("refusal").asText(),
                null,
                Charged.NO));
  }
}
