package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A page in Prometheus' text format, version 0.0.4, read as strictly as the format is written down:
 * each family once, its HELP and TYPE before its samples, its samples together, no series twice.
 */
public final class Scrape {
  private static final Pattern HEAD =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|[-+0-9.eE]+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(?:,|$)");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Double> series = new LinkedHashMap<>();
  private final Set<String> names = new TreeSet<>();
  private final Set<String> labels = new TreeSet<>();

  /** Reads a page. */
  public Scrape(String page) {
    assertThat(page).endsWith("\n");
    var helped = new HashSet<String>();
    var family = "";
    for (var line : page.split("\n")) {
      var head = HEAD.matcher(line);
      if (head.matches()) {
        if (head.group(1).equals("HELP")) {
          assertThat(helped.add(head.group(2))).as("HELP once: " + line).isTrue();
        } else {
          family = head.group(2);
          assertThat(helped).as("HELP before TYPE: " + line).contains(family);
          assertThat(head.group(3)).isIn("counter", "gauge", "histogram", "summary");
          assertThat(types.put(family, head.group(3))).as("TYPE once: " + line).isNull();
        }
        continue;
      }
      sample(line, family);
    }
    types.forEach((name, type) -> judge(name, type));
  }

  private void sample(String line, String family) {
    var sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    var name = sample.group(1);
    var type = types.get(family);
    var allowed =
        "histogram".equals(type)
            ? List.of(family + "_bucket", family + "_sum", family + "_count")
            : "summary".equals(type)
                ? List.of(family, family + "_sum", family + "_count")
                : List.of(family);
    assertThat(allowed).as("a sample of the family before it: " + line).contains(name);
    names.add(name);
    var read = labels(sample.group(2) == null ? "" : sample.group(2));
    labels.addAll(read.keySet());
    var key = key(name, read);
    var value = Double.valueOf(sample.group(3).replace("Inf", "Infinity"));
    assertThat(series.put(key, value)).as("a series once: " + line).isNull();
  }

  private static Map<String, String> labels(String text) {
    var labels = new TreeMap<String, String>();
    var label = LABEL.matcher(text);
    var end = 0;
    while (label.find() && label.start() == end) {
      assertThat(labels.put(label.group(1), label.group(2))).as(text).isNull();
      end = label.end();
    }
    assertThat(end).as("labels: " + text).isEqualTo(text.length());
    return labels;
  }

  private static String key(String name, Map<String, String> labels) {
    return name + labels;
  }

  private void judge(String family, String type) {
    if (type.equals("counter")) {
      assertThat(family).endsWith("_total");
    }
    if (type.equals("histogram")) {
      assertThat(names).contains(family + "_bucket", family + "_sum", family + "_count");
      series.forEach(
          (key, value) -> {
            if (key.startsWith(family + "_bucket{") && key.contains("le=+Inf")) {
              var count = key.replace("_bucket{", "_count{").replaceFirst(",? ?le=\\+Inf", "");
              assertThat(series).as(key).containsEntry(count, value);
            }
          });
    }
  }

  /** The names of all samples. */
  public Set<String> names() {
    return names;
  }

  /** The names of all labels. */
  public Set<String> labels() {
    return labels;
  }

  /** The type of that family. */
  public String type(String family) {
    return types.getOrDefault(family, "");
  }

  /** The value of that series; labels are names and values in turn. */
  public double value(String name, String... labels) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < labels.length; i += 2) {
      map.put(labels[i], labels[i + 1]);
    }
    assertThat(series).containsKey(key(name, map));
    return series.get(key(name, map));
  }
}
