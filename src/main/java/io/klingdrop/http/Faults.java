package io.klingdrop.http;

import io.klingdrop.fault.OutOfMemory;
import io.vertx.core.VertxException;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that could not be answered. Callers that hang up are nothing to tell, and what a
 * stranger can bring about at will is one line a minute. Thread-safe.
 */
final class Faults implements ExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final LogThrottle lines;

  Faults(InstantSource clock) {
    this.lines = new LogThrottle(clock);
  }

  /** Answers a request whose handling failed before or after its route. */
  void failed(RoutingContext context) {
    var status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (status == 500) {
      told("a request could not be answered", context.failure());
    }
    switch (status) {
      case 400 -> Answer.refuse(context, status, "unreadable", "the request cannot be read");
      case 413 -> Answer.refuse(context, status, "too-large", "the body is too large");
      default -> Answer.refuse(context, status, "internal", "the request cannot be answered");
    }
  }

  void told(String what, @Nullable Throwable cause) {
    OutOfMemory.seen(cause);
    LOG.debug("cause", cause);
    if (!hungUp(cause)) {
      lines.turn().ifPresent(others -> LOG.error("{}: {}{}", what, cause, others));
    }
  }

  /** Netty and Vert.x say it in these ways. */
  private static boolean hungUp(@Nullable Throwable cause) {
    return cause instanceof IOException
        || (cause instanceof VertxException
            && String.valueOf(cause.getMessage()).contains("closed"));
  }

  @Override
  public void handleException(Throwable exception) {
    told("a request could not be answered", exception);
  }

  @Override
  public void handleException(String message, Throwable exception) {
    told(message, exception);
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable exception) {
    told(message, exception);
  }
}
