package io.klingdrop.app;

import io.klingdrop.intake.BundleGatewayRoutes;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Text;
import io.klingdrop.process.StartException;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the routes of the template {@code klingdrop-inbox} once klingdrop itself runs. One whose
 * source cannot be reached, as a bucket that is down, is started again later and holds up nothing.
 * Thread-safe.
 */
final class SourceRoutes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceRoutes.class);

  private final List<RouteDefinition> held = new CopyOnWriteArrayList<>();
  private final Time.Timer timer;
  private volatile boolean closed;

  SourceRoutes(Time time) {
    timer = time.timer("source-routes");
  }

  /**
   * Takes the routes out of a context that is about to start, for a start on their own; what any
   * server of files lists is looked at from then on. A source that is none is a {@link
   * StartException}.
   */
  void hold(CamelContext context) {
    context.getCamelContextExtension().registerEndpointCallback(new RemoteNames());
    var model = model(context);
    for (var route : List.copyOf(model.getRouteDefinitions())) {
      var parameters = route.getTemplateParameters();
      if (!route.isCreatedFromTemplate()
          || parameters == null
          || !(parameters.get(BundleGatewayRoutes.SOURCE) instanceof String source)) {
        continue;
      }
      try {
        check(context, context.resolvePropertyPlaceholders(source));
        model.removeRouteDefinition(route);
      } catch (Exception e) {
        throw new StartException(
            "the source of route %s cannot be used: %s"
                .formatted(route.getRouteId(), Text.oneLine(reason(e), 500)));
      }
      held.add(route);
    }
  }

  /** Makes the endpoint, which asks nobody anything yet, and throws it away. */
  private static void check(CamelContext context, String source) throws Exception {
    var scheme = source.replaceFirst(":.*", "");
    var component = context.getComponent(scheme, true, false);
    if (component == null) {
      throw new IllegalArgumentException(
          "there is no Camel component %s; put camel-%s into lib/, as docs/embed.md tells"
              .formatted(scheme, scheme));
    }
    component.createEndpoint(source);
  }

  private static Model model(CamelContext context) {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  /** Starts what was held, in a context that runs; does not wait for it. */
  void start(CamelContext context) {
    held.forEach(route -> timer.after(Duration.ZERO, () -> tryToStart(context, route, 0)));
  }

  private void tryToStart(CamelContext context, RouteDefinition route, int tries) {
    var id = route.getRouteId();
    try {
      model(context).addRouteDefinition(route);
      if (tries > 0) {
        LOG.info("{}: its source can be reached now", id);
      }
    } catch (Exception e) {
      if (closed) {
        return;
      }
      LOG.warn(
          "{} cannot read its source: {}. It is tried again; everything else works.",
          id,
          Text.oneLine(reason(e), 300));
      timer.after(Backoff.after(tries), () -> tryToStart(context, route, tries + 1));
    }
  }

  /** The innermost words; those around them may repeat the source with its options. */
  private static String reason(Throwable failure) {
    var root = Text.root(failure);
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
