package io.klingdrop.control;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.Shipment;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Lets every line that a step of a route logs carry the id of the job the step is about. */
final class JobInLog implements InterceptStrategy {
  private final Consumer<String> tracing;

  /**
   * For all routes.
   *
   * @param tracing is told of the job inside of each step that is about one job
   */
  JobInLog(Consumer<String> tracing) {
    this.tracing = tracing;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
    var each = false;
    var route = step;
    while (route.getParent() != null) {
      each |= route.getShortName().equals("split");
      route = route.getParent();
    }
    // a step that claims is about many jobs, and its message comes from whoever woke it
    var claims = route.getId() != null && route.getId().contains("-claim-");
    return claims && !each ? target : new Step(target, claims ? job -> {} : tracing);
  }

  private static final class Step extends DelegateAsyncProcessor {

    private final Consumer<String> tracing;

    Step(Processor target, Consumer<String> tracing) {
      super(target);
      this.tracing = tracing;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      var job = job(exchange);
      if (job == null) {
        return super.process(exchange, callback);
      }
      var before = JobLog.enter(job);
      try {
        tracing.accept(job);
        return super.process(exchange, callback);
      } finally {
        JobLog.leave(before);
      }
    }
  }

  private static @Nullable String job(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    var about = id(body);
    if (about == null) {
      about = id(exchange.getProperty("shipment"));
    }
    if (about == null) {
      about = id(exchange.getProperty("job"));
    }
    if (about == null) {
      about = id(exchange.getProperty("outcome"));
    }
    return about == null ? exchange.getMessage().getHeader(Headers.JOB_ID, String.class) : about;
  }

  private static @Nullable String id(@Nullable Object about) {
    if (about instanceof Job job) {
      return job.id();
    }
    if (about instanceof Shipment shipment) {
      return shipment.job().id();
    }
    // the other outcomes are those of lanes
    return about instanceof OutcomeRow row && row.type().startsWith("io.klingdrop.job.")
        ? row.subject()
        : null;
  }
}
