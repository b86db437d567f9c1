package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.LedgerFigures;
import io.klingdrop.provider.Lanes;
import io.klingdrop.time.Time;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners that something has changed, once a second at most. Nobody listens: no work. */
final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int MOST = 32;

  /** In looks, one a second: shorter than any proxy's patience. */
  private static final int SIGN_OF_LIFE = 15;

  private final JobQueries queries;
  private final LedgerFigures figures;
  private final Lanes lanes;
  private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
  private final Time.Timer timer;
  private String pulse = "";
  private int quiet;

  Events(JobQueries queries, LedgerFigures figures, Lanes lanes, Time time) {
    this.queries = queries;
    this.figures = figures;
    this.lanes = lanes;
    this.timer = time.timer("events");
  }

  static Endpoint endpoint() {
    return Endpoint.raw(
        OpsPaths.API + "/events",
        "Tells of changes as server-sent events named change, with the jobs in each state",
        "text/event-stream");
  }

  void start() {
    timer.every(PERIOD, PERIOD, this::look);
  }

  void listen(RoutingContext context) {
    if (listeners.size() >= MOST) {
      Answer.refuse(context, 503, "too-many-listeners", "too many listeners");
      return;
    }
    var response = context.response();
    response.setChunked(true).putHeader("Content-Type", "text/event-stream");
    response.closeHandler(gone -> listeners.remove(response));
    response.exceptionHandler(gone -> listeners.remove(response));
    response.write("retry: 2000\n\n");
    listeners.add(response);
    timer.after(Duration.ZERO, () -> tell(response, change()));
  }

  private void look() {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      var now = figures.pulse() + " " + lanes.all();
      if (!now.equals(pulse)) {
        pulse = now;
        quiet = 0;
        var change = change();
        listeners.forEach(listener -> tell(listener, change));
      } else if (++quiet % SIGN_OF_LIFE == 0) {
        listeners.forEach(listener -> tell(listener, ": still here\n\n"));
      }
    } catch (LedgerException e) {
      LOG.debug("no events while the database refuses", e);
    }
  }

  private String change() {
    var json = JsonNodeFactory.instance.objectNode();
    var states = json.putObject("states");
    queries.counts().byState().forEach((state, count) -> states.put(state.name(), count));
    return "event: change\ndata: " + json + "\n\n";
  }

  private void tell(HttpServerResponse listener, String text) {
    if (listener.closed() || listener.writeQueueFull()) {
      listeners.remove(listener);
      listener.reset();
      return;
    }
    listener.write(text);
  }

  @Override
  public void close() {
    timer.close();
  }
}
