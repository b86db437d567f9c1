package io.klingdrop.camel;

import io.klingdrop.fault.OutOfMemory;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A route hands every fault of a step to whoever handles it: memory that ran out is seen before.
 */
public final class MemoryInRoutes implements InterceptStrategy {

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
          return super.process(
              exchange,
              done -> {
                OutOfMemory.seen(exchange.getException());
                callback.done(done);
              });
        } catch (Error e) {
          OutOfMemory.seen(e);
          throw e;
        }
      }
    };
  }
}
