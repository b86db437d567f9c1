package io.klingdrop.control;

import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;

/** Ticks as the stages' own heartbeats do, and tells the watch. */
final class WatchRoute extends RouteBuilder {
  private final Watch watch;
  private final Duration period;

  WatchRoute(Watch watch, Duration period) {
    this.watch = watch;
    this.period = period;
  }

  @Override
  public void configure() {
    from("quartz:watch-heartbeat?stateful=true&trigger.repeatInterval=" + period.toMillis())
        .routeId("watch-note-heartbeat")
        .description("Notes that the clock of all stages ticks")
        .process(exchange -> watch.beat())
        .id("watch-beat");
  }
}
