package io.klingdrop.app;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.camel.JobMdc;
import io.klingdrop.camel.MemoryInRoutes;
import io.klingdrop.process.ComponentJars;
import io.klingdrop.process.ProcessAge;
import io.klingdrop.process.StartException;
import io.klingdrop.process.Tracing;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens around Camel's own start and stop. */
final class LifeCycle extends MainListenerSupport {
  private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);

  private final Wiring parts;
  private final SourceRoutes sources;
  private final @Nullable IdleWatch idle;

  /**
   * For a service of these parts.
   *
   * @param idle stops the service once nothing is left to do; null for one that goes on
   */
  LifeCycle(Wiring parts, SourceRoutes sources, @Nullable IdleWatch idle) {
    this.parts = parts;
    this.sources = sources;
    this.idle = idle;
  }

  @Override
  public void beforeInitialize(BaseMainSupport main) {
    Consumer<String> tracing = job -> {};
    if (parts.settings.tracing().on()) {
      var api = Tracing.api();
      api.into(main.getCamelContext().getRegistry());
      tracing = api::about;
    }
    main.getCamelContext().getCamelContextExtension().addInterceptStrategy(new MemoryInRoutes());
    main.getCamelContext().getCamelContextExtension().addInterceptStrategy(new JobMdc(tracing));
    try {
      ComponentJars.join(main.getCamelContext());
    } catch (Exception e) {
      throw new StartException("a jar in lib/ does not fit: " + e);
    }
  }

  @Override
  public void afterConfigure(BaseMainSupport main) {
    openPort(main.getCamelContext());
  }

  @Override
  public void beforeStart(BaseMainSupport main) {
    var problems = parts.outcomes.channels().problems(main.getCamelContext());
    if (!problems.isEmpty()) {
      throw new StartException(String.join("\n", problems));
    }
    sources.hold(main.getCamelContext());
  }

  @Override
  public void beforeStop(BaseMainSupport main) {
    LOG.info("stopping: nothing new begins, calls under way are finished");
    Heartbeats.stop(main.getCamelContext(), parts.clock);
  }

  @Override
  public void afterStart(BaseMainSupport main) {
    tellReady();
    sources.start(main.getCamelContext());
  }

  private void openPort(CamelContext context) {
    var http = parts.http;
    try {
      if (http != null) {
        http.port().addTo(context);
      }
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP port cannot be opened", e);
    }
  }

  private void tellReady() {
    var http = parts.http;
    parts.health.start();
    if (http != null) {
      http.open();
      http.port()
          .addressWithToken()
          .ifPresent(address -> LOG.info("the operator's page, for you only: {}", address));
    }
    StartLines.of(
            parts.settings,
            parts.queries,
            BudgetCaps.of(parts.settings, parts.catalogue),
            http != null)
        .forEach(LOG::info);
    LOG.info("klingdrop ready in {} ms", ProcessAge.now().toMillis());
    if (idle != null) {
      idle.start(parts.camel::completed);
    }
  }
}
