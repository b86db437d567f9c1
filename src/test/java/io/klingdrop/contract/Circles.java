package io.klingdrop.contract;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Circles of classes or packages, each of which leads to all others of its circle and back. What is
 * nested in a class belongs to it. What a sealed interface permits is a list of names, not a look
 * into them, and is not counted. (ArchUnit's own search leaves circles out when there are hundreds
 * of slices.)
 */
final class Circles {
  private final Map<String, Set<String>> seen = new TreeMap<>();

  private Circles(JavaClasses classes, Function<JavaClass, String> name) {
    for (var each : classes) {
      var from = name.apply(each);
      var sees = seen.computeIfAbsent(from, any -> new TreeSet<>());
      each.getDirectDependenciesFromSelf().stream()
          .map(look -> look.getTargetClass().getBaseComponentType())
          .filter(to -> classes.contain(to.getName()))
          .map(name)
          .filter(to -> !to.equals(from))
          .forEach(sees::add);
    }
  }

  /** The circles of top-level classes. */
  static List<String> ofClasses(JavaClasses classes) {
    return new Circles(classes, each -> outermost(each).getName()).all();
  }

  /** The circles of packages. */
  static List<String> ofPackages(JavaClasses classes) {
    return new Circles(classes, JavaClass::getPackageName).all();
  }

  /** One line for each circle: who in it looks at whom in it; empty if there is none. */
  private List<String> all() {
    var ways = new TreeMap<String, Set<String>>();
    seen.keySet().forEach(each -> ways.put(each, reached(each)));
    var circles = new LinkedHashSet<Set<String>>();
    ways.forEach(
        (each, way) -> {
          if (way.contains(each)) {
            circles.add(
                way.stream()
                    .filter(other -> ways.get(other).contains(each))
                    .collect(Collectors.toCollection(TreeSet::new)));
          }
        });
    return circles.stream().map(this::told).toList();
  }

  private Set<String> reached(String start) {
    var reached = new TreeSet<String>();
    var next = new ArrayDeque<>(seen.get(start));
    while (!next.isEmpty()) {
      var each = next.pop();
      if (reached.add(each)) {
        next.addAll(seen.get(each));
      }
    }
    return reached;
  }

  private String told(Set<String> circle) {
    return circle.stream()
        .map(
            each ->
                each
                    + " -> "
                    + seen.get(each).stream()
                        .filter(circle::contains)
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  private static JavaClass outermost(JavaClass each) {
    return each.getEnclosingClass().map(Circles::outermost).orElse(each);
  }
}
