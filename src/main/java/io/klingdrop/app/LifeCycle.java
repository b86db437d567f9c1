package io.klingdrop.app;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.camel.JobMdc;
import io.klingdrop.camel.MemoryInRoutes;
import io.klingdrop.process.ComponentJars;
import io.klingdrop.process.ProcessAge;
import io.klingdrop.process.StartException;
import io.klingdrop.process.Tracing;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

  /** For a service that {@code idle} stops once nothing is left to do; null: it goes on. */
  LifeCycle(Wiring parts, SourceRoutes sources, @Nullable IdleWatch idle) {
    this.parts = parts;
    this.sources = sources;
    this.idle = idle;
  }

  @Override
  public void beforeInitialize(BaseMainSupport main) {
    var context = main.getCamelContext();
    // asked for when a job goes to the bucket; only then the SDK is loaded
    Supplier<Object> bucket = parts.store::client;
    context.getRegistry().bind("s3Client", Object.class, bucket);
    Consumer<String> tracing = job -> {};
    if (parts.settings.tracing().on()) {
      var api = Tracing.api();
      api.into(context.getRegistry());
      tracing = api::about;
    }
    context.getCamelContextExtension().addInterceptStrategy(new MemoryInRoutes());
    context.getCamelContextExtension().addInterceptStrategy(new JobMdc(tracing));
    try {
      ComponentJars.join(context);
    } catch (Exception e) {
      throw new StartException("a jar in lib/ does not fit: " + e);
    }
  }

  @Override
  public void afterConfigure(BaseMainSupport main) {
    try {
      if (parts.http != null) {
        parts.http.port().addTo(main.getCamelContext());
      }
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP port cannot be opened", e);
    }
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
    parts.health.stopping();
    LOG.info("stopping: nothing new begins, calls under way are finished");
    Heartbeats.stop(main.getCamelContext(), parts.clock);
  }

  @Override
  public void afterStart(BaseMainSupport main) {
    tellReady();
    sources.start(main.getCamelContext());
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
    var caps = BudgetCaps.of(parts.settings, parts.catalogue);
    StartLines.of(parts.settings, parts.node, parts.queries, caps, http != null).forEach(LOG::info);
    LOG.info("klingdrop ready in {} ms", ProcessAge.now().toMillis());
    if (idle != null) {
      idle.start(parts.camel::completed);
    }
  }
}
