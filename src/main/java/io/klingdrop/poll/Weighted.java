package io.klingdrop.poll;

import java.util.ArrayList;
import java.util.Comparator;

/** Numbers that count more or less. Not thread-safe. */
final class Weighted {
  private final ArrayList<Entry> entries = new ArrayList<>();
  private double total;

  private record Entry(double value, double weight) {}

  static Weighted evenly(double... values) {
    var all = new Weighted();
    for (var value : values) {
      all.add(value, 1);
    }
    return all;
  }

  static Weighted of(double[] values, double[] weights) {
    var all = new Weighted();
    for (int i = 0; i < values.length; i++) {
      all.add(values[i], weights[i]);
    }
    return all;
  }

  void add(double value, double weight) {
    entries.add(new Entry(value, weight));
    total += weight;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  double median() {
    return quantile(0.5);
  }

  /**
   * The value below which that share of the weight lies, between two values in proportion.
   *
   * @param share from 0 to 1
   */
  double quantile(double share) {
    entries.sort(Comparator.comparingDouble(Entry::value));
    double below = 0;
    Entry last = null;
    double lastMiddle = 0;
    for (var entry : entries) {
      var middle = (below + entry.weight / 2) / total;
      if (middle >= share) {
        return last == null
            ? entry.value
            : last.value
                + (entry.value - last.value) * (share - lastMiddle) / (middle - lastMiddle);
      }
      last = entry;
      lastMiddle = middle;
      below += entry.weight;
    }
    if (last == null) {
      throw new IllegalStateException("no numbers");
    }
    return last.value;
  }
}
