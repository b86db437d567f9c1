package io.klingdrop.camel;

import io.klingdrop.camel.LedgerConsumer.Claim;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The ledger as a source of work, in the shape of the consumers of camel-sql and camel-jpa. {@code
 * from: ledger:poll} claims what a bean of the stage finds due and runs the route once for each, on
 * threads of its own; {@code to: ledger:poll} raises a flag that says "look again" and hands no
 * message over; a message whose body is a {@link io.klingdrop.ledger.DueWork} does not raise it if
 * that says that nothing of its kind is due. What is due stands in the ledger alone, so a flag that
 * was raised for nothing, or not at all, costs a look or a heartbeat, never a job. Thread-safe.
 *
 * <p>Options of a consumer: {@code bean} and {@code method} claim, and answer a collection; {@code
 * as} names the exchange property that keeps what was claimed (job); {@code workers} is how many
 * are worked on at the same time (1).
 */
public final class LedgerComponent extends DefaultComponent {
  public static final String SCHEME = "ledger";

  private final Map<String, Flag> flags = new ConcurrentHashMap<>();

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    var claim =
        new Claim(
            getAndRemoveParameter(parameters, "bean", String.class, ""),
            getAndRemoveParameter(parameters, "method", String.class, ""),
            getAndRemoveParameter(parameters, "as", String.class, "job"),
            getAndRemoveParameter(parameters, "workers", Integer.class, 1));
    return new LedgerEndpoint(uri, this, name, flag(name), claim);
  }

  /** Has the consumer of that name look again, from outside of any route. */
  public void raise(String name) {
    flag(name).raise();
  }

  private Flag flag(String name) {
    return flags.computeIfAbsent(name, any -> new Flag());
  }
}
