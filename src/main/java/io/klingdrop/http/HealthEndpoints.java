package io.klingdrop.http;

import java.util.List;
import java.util.function.Supplier;

/** Whether the program lives, and whether it can work. Open to all. */
final class HealthEndpoints {
  private final Supplier<HealthReport> health;
  private final Supplier<HealthReport> life;

  HealthEndpoints(Supplier<HealthReport> health, Supplier<HealthReport> life) {
    this.health = health;
    this.life = life;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            "/observe/health",
            "http-tell-health",
            "Answers 200 if klingdrop can work, else 503 with the reasons",
            request -> answer(health)),
        Endpoint.get(
            "/observe/health/ready",
            "http-tell-ready",
            "Answers 200 if klingdrop can work, else 503 with the reasons",
            request -> answer(health)),
        Endpoint.get(
            "/observe/health/live",
            "http-tell-live",
            "Answers 200 as long as the program's clock ticks; else only a restart helps",
            request -> answer(life)));
  }

  private static Answer answer(Supplier<HealthReport> look) {
    var report = look.get();
    return Answer.json(report.ready() ? 200 : 503, report.json());
  }
}
