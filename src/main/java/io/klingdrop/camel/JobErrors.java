package io.klingdrop.camel;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.StaleJobException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every stage does when a step throws: nothing is lost and nothing is sent twice, because the
 * ledger still says where the job stands. The job is given back and is due again soon.
 */
public final class JobErrors extends RouteConfigurationBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(JobErrors.class);

  private final Leases leases;

  public JobErrors(Leases leases) {
    this.leases = leases;
  }

  @Override
  public void configuration() {
    var errors = routeConfiguration("job-errors");
    errors
        .onException(StaleJobException.class)
        .handled(true)
        .process(
            exchange -> LOG.info("{}; somebody else had it first", caught(exchange).getMessage()));
    errors.onException(Exception.class).handled(true).process(this::broken);
  }

  private void broken(Exchange exchange) {
    var cause = caught(exchange);
    var shipment = exchange.getProperty("shipment", Shipment.class);
    var job = shipment == null ? exchange.getProperty("job", Job.class) : shipment.job();
    if (job == null && exchange.getMessage().getBody() instanceof Job body) {
      job = body;
    }
    if (job == null) {
      LOG.error(
          "{} {}: {}. It is tried again at the next heartbeat.",
          exchange.getFromRouteId(),
          exchange.getMessage().getHeader(Headers.JOB_ID, "", String.class),
          cause.toString());
      return;
    }
    LOG.error(
        "{}: {} failed: {}. The job keeps its place and is tried again soon.",
        job.label(),
        exchange.getFromRouteId(),
        cause.toString());
    LOG.debug("cause", cause);
    leases.giveBack(shipment == null ? job : shipment);
  }

  private static Exception caught(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
  }
}
