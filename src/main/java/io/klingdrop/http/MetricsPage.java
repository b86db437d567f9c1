package io.klingdrop.http;

/** Writes Prometheus' text format. Not thread-safe. */
final class MetricsPage {
  private final StringBuilder text = new StringBuilder();
  private String name = "";

  void gauge(String name, String help) {
    begin(name, help, "gauge");
  }

  void counter(String name, String help) {
    begin(name, help, "counter");
  }

  private void begin(String name, String help, String type) {
    this.name = name;
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /** One value; labels are names and values in turn. */
  void value(double value, String... labels) {
    text.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      text.append(escaped(labels[i + 1])).append('"');
    }
    text.append(labels.length == 0 ? "" : "}").append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      text.append((long) value);
    } else {
      text.append(value);
    }
    text.append('\n');
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
