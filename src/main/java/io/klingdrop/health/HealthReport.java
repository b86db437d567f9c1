package io.klingdrop.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** How the service is at one moment: all that was looked at. */
public record HealthReport(List<Check> checks) {

  /** One thing that was looked at, such as {@code inbox}, and a sentence about it for a person. */
  public record Check(String name, boolean well, String said) {}

  public HealthReport {
    checks = List.copyOf(checks);
  }

  /** Whether the service can do its work. */
  public boolean ready() {
    return checks.stream().allMatch(Check::well);
  }

  /** The reasons why it cannot, one sentence each. */
  public List<String> reasons() {
    return checks.stream().filter(check -> !check.well()).map(Check::said).toList();
  }

  /** The names of the checks that fail, in their order. */
  public List<String> failing() {
    return checks.stream().filter(check -> !check.well()).map(Check::name).toList();
  }

  /** The report as JSON: all of it, or without what checks say, which names folders and jobs. */
  public ObjectNode json(boolean all) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("status", ready() ? "UP" : "DOWN");
    var list = json.putArray("checks");
    for (var check : checks) {
      var one =
          list.addObject().put("name", check.name()).put("status", check.well() ? "UP" : "DOWN");
      if (all) {
        one.put("message", check.said());
      }
    }
    return json;
  }
}
