package io.klingdrop.camel;

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

  /**
   * How a consumer claims.
   *
   * @param bean the name of the bean that claims
   * @param method its method, without arguments, which answers a collection
   * @param as the exchange property that keeps what was claimed
   * @param workers how many are worked on at the same time
   */
  record Claim(String bean, String method, String as, int workers) {}

  LedgerEndpoint(String uri, LedgerComponent component, String name, Flag flag, Claim claim) {
    super(uri, component);
    this.name = name;
    this.flag = flag;
    this.claim = claim;
  }

  String name() {
    return name;
  }

  Flag flag() {
    return flag;
  }

  Claim claim() {
    return claim;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        flag.raise();
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
    var consumer = new LedgerConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }
}
