package io.klingdrop.control;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.StaleJobException;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every stage does when a step throws: nothing is lost and nothing is sent twice, because the
 * ledger still says where the job stands. The job is given back and is due again soon.
 */
final class JobErrors extends RouteConfigurationBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(JobErrors.class);
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private final Ledger ledger;
  private final InstantSource clock;

  JobErrors(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public void configuration() {
    var errors = routeConfiguration("job-errors");
    errors
        .onException(StaleJobException.class)
        .handled(true)
        .process(
            exchange -> LOG.info("{}; somebody else had it first", caught(exchange).getMessage()));
    errors.onException(Exception.class).handled(true).process(this::giveBack);
  }

  private void giveBack(Exchange exchange) {
    var cause = caught(exchange);
    var job = exchange.getProperty("job", Job.class);
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
        "{}: {} failed: {}. The job keeps its place and is tried again in {}s.",
        job.label(),
        exchange.getFromRouteId(),
        cause.toString(),
        AGAIN.toSeconds());
    LOG.debug("cause", cause);
    try {
      ledger.released(ledger.refreshed(job), clock.instant().plus(AGAIN));
    } catch (RuntimeException e) {
      LOG.error("{}: cannot be given back now: {}", job.label(), e.getMessage());
    }
  }

  private static Exception caught(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
  }
}
