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

  Tables(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The rows of one gauge at one look. */
  static final class Table {
    private final MultiGauge gauge;
    private final List<MultiGauge.Row<?>> rows = new ArrayList<>();

    private Table(MultiGauge gauge) {
      this.gauge = gauge;
    }

    /** One row; tags are names and values in turn, the names the same in every row. */
    void row(double value, String... tags) {
      rows.add(MultiGauge.Row.of(Tags.of(tags), value));
    }

    /** These rows take the place of those shown before. */
    void show() {
      gauge.register(rows, true);
    }
  }

  /** An empty table of that name. */
  Table fresh(String name, String help) {
    return new Table(
        gauges.computeIfAbsent(
            name, made -> MultiGauge.builder(made).description(help).register(registry)));
  }
}
