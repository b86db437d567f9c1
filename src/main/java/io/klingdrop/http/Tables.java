package io.klingdrop.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gauges whose rows are known anew at every look. Not thread-safe. */
final class Tables {
  private final MeterRegistry registry;
  private final Map<String, MultiGauge> gauges = new TreeMap<>();
  private final List<Table> filling = new ArrayList<>();

  Tables(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The rows of one gauge at one look. */
  record Table(MultiGauge gauge, List<MultiGauge.Row<?>> rows) {
    /** One row; tags are names and values in turn, the names the same in every row. */
    void row(double value, String... tags) {
      rows.add(MultiGauge.Row.of(Tags.of(tags), value));
    }
  }

  Table fresh(String name, String help) {
    var gauge =
        gauges.computeIfAbsent(
            name, made -> MultiGauge.builder(made).description(help).register(registry));
    filling.add(new Table(gauge, new ArrayList<>()));
    return filling.get(filling.size() - 1);
  }

  /** The rows of all tables of this look take the place of those shown before. */
  void show() {
    filling.forEach(table -> table.gauge().register(table.rows(), true));
    filling.clear();
  }
}
