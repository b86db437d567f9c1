package io.klingdrop.camel;

import io.klingdrop.ledger.OutcomeRow;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of outcomes do when a step throws: the message keeps its place. */
public final class OutcomeErrors extends RouteConfigurationBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeErrors.class);

  private final BiConsumer<OutcomeRow, Exception> later;

  /**
   * For the routes that name {@code outcome-errors}.
   *
   * @param later keeps an outcome for later, with the reason
   */
  public OutcomeErrors(BiConsumer<OutcomeRow, Exception> later) {
    this.later = later;
  }

  @Override
  public void configuration() {
    routeConfiguration("outcome-errors")
        .onException(Exception.class)
        .handled(true)
        .process(this::broken);
  }

  private void broken(Exchange exchange) {
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    var row = exchange.getProperty("outcome", OutcomeRow.class);
    if (row == null) {
      LOG.error("{}: {}. It is tried again.", exchange.getFromRouteId(), cause.toString());
    } else {
      later.accept(row, cause);
    }
  }
}
