package io.klingdrop.camel;

import io.klingdrop.camel.LedgerConsumer.Claim;
import io.klingdrop.ledger.DueWork;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** One kind of work in the ledger, such as {@code ledger:poll}. Thread-safe. */
final class LedgerEndpoint extends DefaultEndpoint {
  private final String name;
  private final Flag flag;
  private final Claim claim;

  LedgerEndpoint(String uri, Component component, String name, Flag flag, Claim claim) {
    super(uri, component);
    this.name = name;
    this.flag = flag;
    this.claim = claim;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof DueWork due) || due.mayHave(name)) {
          flag.raise();
        }
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (claim.bean().isEmpty() || claim.method().isEmpty() || claim.workers() < 1) {
      throw new IllegalArgumentException(
          "from: ledger:%s needs bean and method, which claim, and at least one of workers"
              .formatted(name));
    }
    var consumer = new LedgerConsumer(this, name, flag, claim, processor);
    configureConsumer(consumer);
    return consumer;
  }
}
