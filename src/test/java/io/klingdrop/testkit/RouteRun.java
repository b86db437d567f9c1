package io.klingdrop.testkit;

import io.klingdrop.camel.LedgerComponent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.MessageHistory;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCompletedEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * One run of a route, over: all its steps have run and nothing of it goes on. It tells which steps
 * ran where the context keeps the message history ({@code camel.main.message-history=true}).
 *
 * @param ended the exchange as it was at the end
 */
public record RouteRun(Exchange ended) {
  private static final long LONGEST_MINUTES = 2;

  /**
   * Has a route that claims from the ledger look for work, and waits until one piece is through.
   *
   * @param routeId of a route {@code from: ledger:…}, for which a piece must be due
   * @throws AssertionError if nothing came through
   */
  public static RouteRun of(CamelContext camel, String routeId) {
    return next(
        camel,
        routeId,
        () -> {
          var from = camel.getRoute(routeId).getEndpoint().getEndpointBaseUri();
          camel
              .getComponent(LedgerComponent.SCHEME, LedgerComponent.class)
              .raise(from.substring(from.lastIndexOf('/') + 1));
        });
  }

  /**
   * Waits until a route that runs by itself, such as by the clock, has run to its end from now on.
   *
   * @throws AssertionError if it did not
   */
  public static RouteRun next(CamelContext camel, String routeId) {
    return next(camel, routeId, () -> {});
  }

  /** The same, for a run that something makes begin, such as a file that is written. */
  public static RouteRun next(CamelContext camel, String routeId, Runnable begin) {
    var run = new Listener(routeId);
    camel.getManagementStrategy().addEventNotifier(run);
    try {
      begin.run();
      return new RouteRun(run.ended.get(LONGEST_MINUTES, TimeUnit.MINUTES));
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came through " + routeId, e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      camel.getManagementStrategy().removeEventNotifier(run);
    }
  }

  /** Hears of the first exchange of a route that ends. */
  private static final class Listener extends EventNotifierSupport {
    private final CompletableFuture<Exchange> ended = new CompletableFuture<>();
    private final String routeId;

    Listener(String routeId) {
      this.routeId = routeId;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
      return event instanceof ExchangeCompletedEvent || event instanceof ExchangeFailedEvent;
    }

    @Override
    public void notify(CamelEvent event) {
      var exchange = ((ExchangeEvent) event).getExchange();
      // the parts of a split are no runs of their own
      if (routeId.equals(exchange.getFromRouteId())
          && exchange.getProperty(Exchange.CORRELATION_ID) == null) {
        ended.complete(exchange);
      }
    }
  }

  /** The ids of the steps that ran, in that order, also those of routes that were called. */
  public List<String> steps() {
    List<?> history = ended.getProperty(Exchange.MESSAGE_HISTORY, List.of(), List.class);
    return history.stream().map(step -> ((MessageHistory) step).getNode().getId()).toList();
  }

  /**
   * Where messages went that mocks took: one entry a message, such as {@code ledger:fetch}, sorted.
   */
  public static List<String> sent(CamelContext camel) {
    return camel.getEndpoints().stream()
        .filter(MockEndpoint.class::isInstance)
        .map(MockEndpoint.class::cast)
        .flatMap(mock -> mock.getExchanges().stream().map(taken -> mock.getName()))
        .sorted()
        .toList();
  }
}
