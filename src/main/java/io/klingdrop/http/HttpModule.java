package io.klingdrop.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.GenuineCallback;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import io.klingdrop.wire.HttpClients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The port and what is behind it. */
public final class HttpModule implements AutoCloseable {
  private final HttpPort port;
  private final Events events;
  private final CreditEndpoints credits;
  private final @Nullable SelfTest selfTest;

  /**
   * The room of these settings, which must have a port; not open yet. Every callback that is
   * accepted goes to {@code taken}, which answers whether it has written it down.
   */
  public HttpModule(
      Settings settings,
      Views views,
      Predicate<GenuineCallback> taken,
      ObjectMapper mapper,
      Time clock) {
    var endpoints = new ArrayList<Endpoint>();
    events = new Events(views.queries(), views.figures(), views.lanes(), clock);
    var health = new HealthEndpoints(views.health(), views.life());
    endpoints.addAll(health.all());
    var jobs = new JobJson(views.queries(), views.usual(), clock);
    endpoints.addAll(
        new JobEndpoints(settings, views.queries(), views.searched(), views.receipts(), jobs)
            .all());
    endpoints.addAll(new ActionEndpoints(settings, views.queries(), views.ledger(), mapper).all());
    endpoints.addAll(new BundleEndpoints(views.queries(), views.door(), jobs).all());
    endpoints.addAll(
        new InfoEndpoints(
                settings,
                views.catalogue(),
                views.queries(),
                clock,
                views.door().kinds(),
                () -> List.copyOf(endpoints))
            .all());
    endpoints.addAll(new LaneEndpoints(settings, views.lanes(), views.pauses()).all());
    endpoints.addAll(new NodeEndpoints(views.nodes()).all());
    credits = new CreditEndpoints(views.providers(), views.lanes(), clock);
    endpoints.addAll(credits.all());
    endpoints.addAll(new FigureEndpoints(views.figures(), clock).all());
    var logins = new Logins(settings.http().user(), settings.http().passwordHash(), clock);
    endpoints.add(Events.endpoint());
    endpoints.add(Pages.endpoint());
    selfTest =
        views.callbacks().on()
            ? new SelfTest(
                settings.callback().publicUrl(),
                new HttpClients(settings.proxy()),
                views.callbacks()::leadsHere,
                clock)
            : null;
    var door = new CallbackEndpoints(views.callbacks(), views.providers(), taken, selfTest, clock);
    endpoints.addAll(door.all());
    var started = clock.instant();
    Supplier<JobMetrics> figures =
        () -> new JobMetrics(settings, views, door::counts, logins::counts, started);
    endpoints.addAll(new Metrics(figures, clock).all());
    port = new HttpPort(settings, endpoints, health, door, events, logins, clock);
  }

  public HttpPort port() {
    return port;
  }

  public void open() {
    port.open();
    events.start();
    if (selfTest != null) {
      selfTest.start();
    }
  }

  @Override
  public void close() {
    events.close();
    credits.close();
    port.close();
    if (selfTest != null) {
      selfTest.close();
    }
  }
}
