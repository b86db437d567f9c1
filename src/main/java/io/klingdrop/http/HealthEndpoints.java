package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Supplier;

/** Whether the program lives, and whether it can work. Open to all. */
final class HealthEndpoints {
  private final Supplier<HealthReport> health;

  HealthEndpoints(Supplier<HealthReport> health) {
    this.health = health;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            "/observe/health",
            "http-tell-health",
            "Answers 200 if klingdrop can work, else 503 with the reasons",
            request -> ready()),
        Endpoint.get(
            "/observe/health/ready",
            "http-tell-ready",
            "Answers 200 if klingdrop can work, else 503 with the reasons",
            request -> ready()),
        Endpoint.get(
            "/observe/health/live",
            "http-tell-live",
            "Answers 200 as long as the program answers at all",
            request -> Answer.json(JsonNodeFactory.instance.objectNode().put("status", "UP"))));
  }

  private Answer ready() {
    var report = health.get();
    return Answer.json(report.ready() ? 200 : 503, report.json());
  }
}
