package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accepted tasks as files, one each, so that a sandbox that was stopped or killed still knows
 * them when it starts again: a provider does not forget tasks because its customer restarts.
 */
public record TaskArchive(Path folder) {
  private static final String SUFFIX = ".json";

  /** What is kept of a task. */
  record Entry(String id, long createdAt, JsonNode request, CheckedRequest checked) {}

  /** Keeps a task; once this returns it survives the process. */
  void save(Entry entry) throws IOException {
    var checked = entry.checked();
    var json =
        Envelope.object()
            .put("id", entry.id())
            .put("createdAt", entry.createdAt())
            .put("portrait", checked.portrait().toString())
            .put("voice", checked.voice() == null ? null : checked.voice().toString())
            .put("lengthMillis", checked.length().toMillis())
            .put("credits", checked.credits())
            .put("flaw", checked.flaw());
    json.set("request", entry.request());
    var temporary = folder.resolve("." + entry.id() + ".part");
    Files.writeString(temporary, json.toString());
    Files.move(temporary, folder.resolve(entry.id() + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
  }

  /** All tasks that were kept, oldest first. */
  List<Entry> load() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (var file : files) {
        entries.add(entry(Envelope.JSON.readTree(Files.readString(file))));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::createdAt));
    return entries;
  }

  private static Entry entry(JsonNode json) {
    @Nullable String voice = json.path("voice").asText(null);
    return new Entry(
        json.path("id").asText(),
        json.path("createdAt").asLong(),
        json.path("request"),
        new CheckedRequest(
            Path.of(json.path("portrait").asText()),
            voice == null ? null : Path.of(voice),
            Duration.ofMillis(json.path("lengthMillis").asLong()),
            json.path("credits").asDouble(),
            json.path("flaw").asText(null)));
  }
}
