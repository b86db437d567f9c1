package io.klingdrop.camel;

import io.klingdrop.job.Headers;
import io.klingdrop.job.JobLog;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets every line that a step of a route logs carry the id of the job the step is about.
 *
 * @param tracing is told of the job inside of each step that is about one job
 */
public record JobMdc(Consumer<String> tracing) implements InterceptStrategy {

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
    return new DelegateAsyncProcessor(target) {
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
    };
  }

  private static @Nullable String job(Exchange exchange) {
    var about = Subject.job(exchange.getMessage().getBody());
    for (var name : List.of("shipment", "job", "outcome")) {
      about = about == null ? Subject.job(exchange.getProperty(name)) : about;
    }
    return about == null ? exchange.getMessage().getHeader(Headers.JOB_ID, String.class) : about;
  }
}
