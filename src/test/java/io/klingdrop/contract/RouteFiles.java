package io.klingdrop.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads route files as data and finds the mistakes Camel lets pass in silence. */
final class RouteFiles {
  private static final Pattern ID = Pattern.compile("[a-z]+(-[a-z0-9]+)+");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}:]+)");

  /** What the HTTP port calls. */
  private static final List<String> DOORS = List.of("direct:callback-take");

  private static final String HEARTBEAT = "heartbeat-wake-stages";
  private static final List<String> ERRORS = List.of("job-errors", "outcome-errors");

  private final Map<String, String> texts;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> consumers = new LinkedHashMap<>();
  private final Map<String, List<String>> calls = new LinkedHashMap<>();
  private final TreeSet<String> ids = new TreeSet<>();
  private final TreeSet<String> keys = new TreeSet<>();

  /** Route files by stage, the first part of their names. */
  RouteFiles(Map<String, String> texts) {
    this.texts = texts;
  }

  /** Every mistake, one sentence each. */
  List<String> problems() {
    texts.forEach(this::file);
    calls.forEach(
        (uri, where) -> {
          if (!consumers.containsKey(uri)) {
            problems.add(where.get(0) + " calls " + uri + ", which no route consumes");
          }
        });
    consumers.forEach(
        (uri, id) -> {
          if (!calls.containsKey(uri) && !DOORS.contains(uri)) {
            problems.add(id + " consumes " + uri + ", which nobody calls");
          } else if (uri.startsWith("ledger:") && !calls.get(uri).contains(HEARTBEAT)) {
            problems.add(id + " waits for " + uri + ", which no heartbeat wakes");
          }
        });
    return problems;
  }

  /** Every setting the routes name. */
  TreeSet<String> keys() {
    return keys;
  }

  private void file(String stage, String text) {
    PLACEHOLDER.matcher(text).results().forEach(match -> keys.add(match.group(1)));
    Object parsed;
    try {
      var settings = LoadSettings.builder().setAllowDuplicateKeys(false).setLabel(stage).build();
      parsed = new Load(settings).loadFromString(text);
    } catch (YamlEngineException e) {
      problems.add(stage + ": " + e.getMessage());
      return;
    }
    for (var entry : (List<?>) parsed) {
      if (((Map<?, ?>) entry).get("route") instanceof Map<?, ?> route) {
        route(stage, route);
      } else {
        problems.add(stage + " holds something that is not a route");
      }
    }
  }

  private void route(String stage, Map<?, ?> route) {
    var id = String.valueOf(route.get("id"));
    unique(id, "route " + id);
    if (!ID.matcher(id).matches() || !id.startsWith(stage + "-")) {
      problems.add("route " + id + " is not called " + stage + "-verb-object");
    }
    var description = String.valueOf(route.get("description"));
    if (!description.matches("[A-Z].{20,}[^.]")) {
      problems.add("route " + id + " does not say what it does in one sentence");
    }
    var configuration = route.get("routeConfigurationId");
    if (configuration != null && !ERRORS.contains(configuration.toString())) {
      problems.add("route " + id + " names " + configuration + ", which does not exist");
    }
    var from = (Map<?, ?>) route.get("from");
    var uri = String.valueOf(from.get("uri"));
    if (isInner(uri)) {
      var other = consumers.put(uri, id);
      if (other != null) {
        problems.add(id + " and " + other + " consume " + uri + ": each piece goes to one of them");
      }
      if (uri.startsWith("direct:") && !uri.equals("direct:" + id)) {
        problems.add("route " + id + " consumes " + uri + ", a name that is not its own");
      }
      if (configuration == null) {
        problems.add("route " + id + " has no error handling");
      }
    }
    steps(id, from);
  }

  private void steps(String route, Map<?, ?> node) {
    walk(
        node,
        (name, step) -> {
          var uri = step.get("uri");
          if (uri != null && isInner(uri.toString())) {
            calls.computeIfAbsent(uri.toString(), any -> new ArrayList<>()).add(route);
          }
          if (name.equals("choice") && !step.containsKey("otherwise")) {
            problems.add(route + " has a choice without otherwise: messages fall through");
          }
          var id = step.get("id");
          if (id != null) {
            unique(id.toString(), "step " + id + " of " + route);
          } else if (List.of("to", "bean", "choice", "split", "log", "setBody").contains(name)) {
            problems.add(route + " has a step " + name + " without an id");
          }
        });
  }

  private static void walk(Object node, BiConsumer<String, Map<?, ?>> visit) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (value instanceof Map<?, ?> step && !key.equals("parameters")) {
              if (!key.equals("otherwise")) {
                visit.accept(key.toString(), step);
              }
              walk(step, visit);
            } else {
              walk(value, visit);
            }
          });
    } else if (node instanceof List<?> list) {
      list.forEach(element -> walk(element, visit));
    }
  }

  private void unique(String id, String what) {
    if (!ids.add(id)) {
      problems.add(what + " has an id that stands elsewhere too");
    }
  }

  private static boolean isInner(String uri) {
    return uri.startsWith("direct:") || uri.startsWith("ledger:");
  }
}
