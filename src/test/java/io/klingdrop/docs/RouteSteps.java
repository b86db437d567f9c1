package io.klingdrop.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The shipped routes as two tables: what each does, and which classes their steps call.
 *
 * @param routes every route by its id, in the order of the flow
 */
record RouteSteps(Map<String, Route> routes) {
  /** The client of AWS's SDK, no class of ours. */
  private static final String CLIENT = "#s3Client";

  private static final List<String> WAY =
      List.of(
          "heartbeat",
          "intake",
          "submit",
          "poll",
          "fetch",
          "deliver",
          "failure",
          "outcomes",
          "callback");

  /**
   * One route.
   *
   * @param description what it does
   * @param from where its exchanges come from
   * @param calls bean and method, one for each step that calls Java
   */
  record Route(String description, String from, List<Call> calls) {}

  /**
   * A step in Java.
   *
   * @param bean its name in the registry
   * @param method empty where Camel itself knows it, as for a strategy
   */
  record Call(String bean, String method) {}

  /** The routes of such a folder, in the order of a job's way. */
  static RouteSteps of(Path folder) throws IOException {
    var routes = new LinkedHashMap<String, Route>();
    for (var file : files(folder)) {
      var text = Files.readString(file);
      for (var entry : (List<?>) new Load(LoadSettings.builder().build()).loadFromString(text)) {
        if (((Map<?, ?>) entry).get("route") instanceof Map<?, ?> route
            && route.get("from") instanceof Map<?, ?> from) {
          var calls = new ArrayList<Call>();
          collect(from, calls);
          routes.put(
              String.valueOf(route.get("id")),
              new Route(
                  String.valueOf(route.get("description")),
                  String.valueOf(from.get("uri")),
                  calls));
        }
      }
    }
    return new RouteSteps(routes);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().sorted(Comparator.comparing(RouteSteps::place)).toList();
    }
  }

  private static int place(Path file) {
    var stage = String.valueOf(file.getFileName()).replaceFirst("\\..*", "");
    return WAY.contains(stage) ? WAY.indexOf(stage) : WAY.size();
  }

  private static void collect(Object node, List<Call> calls) {
    if (node instanceof Map<?, ?> map) {
      // a step names its bean by ref, the consumer of the ledger by bean
      var bean = map.get("ref") == null ? map.get("bean") : map.get("ref");
      if (bean instanceof String name && map.get("method") instanceof String method) {
        calls.add(new Call(name, method));
      }
      map.values().forEach(value -> collect(value, calls));
    } else if (node instanceof List<?> list) {
      list.forEach(element -> collect(element, calls));
    } else if (node instanceof String word
        && word.matches("#[a-zA-Z][a-zA-Z0-9]*")
        && !word.equals(CLIENT)) {
      calls.add(new Call(word.substring(1), ""));
    }
  }

  /** The names of all beans. */
  TreeSet<String> beans() {
    var beans = new TreeSet<String>();
    routes.values().forEach(route -> route.calls().forEach(call -> beans.add(call.bean())));
    return beans;
  }

  /** The first table. */
  String routesTable() {
    var table = new StringBuilder(Cells.head("route id", "what it does", "starts at", "calls"));
    routes.forEach(
        (id, route) ->
            table.append(
                Cells.row(
                    List.of(
                        Cells.code(id),
                        Cells.words(route.description()),
                        Cells.code(route.from().equals("direct:" + id) ? "direct" : route.from()),
                        String.join(
                            " ",
                            route.calls().stream()
                                .map(call -> Cells.code(words(call)))
                                .distinct()
                                .toList())))));
    return table.toString();
  }

  private static String words(Call call) {
    return call.method().isEmpty() ? call.bean() : call.bean() + "." + call.method();
  }

  /** The second table: each bean, its class, and the routes that call it. */
  String beansTable(Map<String, Class<?>> classes) {
    var callers = new TreeMap<String, TreeSet<String>>();
    routes.forEach(
        (id, route) ->
            route
                .calls()
                .forEach(
                    call -> callers.computeIfAbsent(call.bean(), bean -> new TreeSet<>()).add(id)));
    var table = new StringBuilder(Cells.head("bean", "class", "called by"));
    callers.forEach(
        (bean, ids) ->
            table.append(
                Cells.row(
                    List.of(
                        Cells.code(bean),
                        Cells.code(room(classes.get(bean))),
                        String.join(" ", ids.stream().map(Cells::code).toList())))));
    return table.toString();
  }

  /** A class as the documents name it, with its room. */
  private static String room(Class<?> type) {
    if (type == null) {
      throw new AssertionError("a bean of the routes is not in the registry");
    }
    return type.getName().replaceFirst("^io\\.klingdrop\\.", "");
  }
}
