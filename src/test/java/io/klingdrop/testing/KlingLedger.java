package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Every request that became a task: Kling's bill. Safe for use by many threads. */
final class KlingLedger {

  private final Map<String, KlingTask> tasks = new LinkedHashMap<>();
  private final Map<String, KlingTask> byKlingId = new HashMap<>();

  synchronized void add(KlingTask task) {
    tasks.put(task.taskId(), task);
    byKlingId.put(task.klingId(), task);
  }

  synchronized List<KlingTask> all() {
    return new ArrayList<>(tasks.values());
  }

  /** The task the client knows by this id. */
  synchronized Optional<KlingTask> find(String taskId) {
    return Optional.ofNullable(tasks.get(taskId));
  }

  /** The task the client knows by this id. */
  KlingTask get(String taskId) {
    return find(taskId).orElseThrow(() -> new NoSuchElementException("no task " + taskId));
  }

  /** The task that Kling itself knows by this id. */
  synchronized KlingTask ofKling(String klingId) {
    return Objects.requireNonNull(byKlingId.get(klingId));
  }

  /** The files a request brings in Base64, by field. */
  static Map<String, byte[]> media(JsonNode request) {
    Map<String, byte[]> media = new TreeMap<>();
    for (String field : List.of("image", "image_tail", "sound_file")) {
      String value = request.path(field).asText("");
      if (!value.isBlank() && !value.startsWith("http")) {
        media.put(field, Base64.getDecoder().decode(value));
      }
    }
    return media;
  }
}
