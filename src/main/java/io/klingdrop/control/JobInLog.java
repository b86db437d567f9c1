package io.klingdrop.control;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.Shipment;
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

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
    return claims(step) ? target : new Step(target);
  }

  /** A step that claims is about many jobs, and its message comes from whoever woke it. */
  private static boolean claims(NamedNode step) {
    var route = step;
    var each = false;
    while (route.getParent() != null) {
      each |= route.getShortName().equals("split");
      route = route.getParent();
    }
    return !each && route.getId() != null && route.getId().contains("-claim-");
  }

  private static final class Step extends DelegateAsyncProcessor {

    Step(Processor target) {
      super(target);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      var job = job(exchange);
      if (job == null) {
        return super.process(exchange, callback);
      }
      var before = JobLog.enter(job);
      try {
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
