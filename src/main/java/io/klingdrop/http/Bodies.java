package io.klingdrop.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Collects bodies in memory, each up to a limit and all that are on their way together up to
 * another. A body has its place from its head to its answer. Thread-safe.
 */
final class Bodies {
  private final long most;
  private long taken;

  /** None on their way; all together may have {@code most} bytes. */
  Bodies(long most) {
    this.most = most;
  }

  /** A share of this program's memory that it can spare. */
  static long share() {
    return Math.max(1L << 20, Math.min(8L << 20, Runtime.getRuntime().maxMemory() / 32));
  }

  /** Collects bodies of up to {@code limit} bytes, and refuses the others. */
  Handler<RoutingContext> upTo(long limit) {
    var collector = BodyHandler.create(false).setBodyLimit(limit);
    return context -> {
      var size = announced(context.request(), limit);
      if (size > limit) {
        Answer.refuse(context, 413, "too-large", "the body is too large");
      } else if (!take(size)) {
        Answer.refuse(
            context,
            Answer.error(503, "busy", "klingdrop is busy with other calls; ask again")
                .with("Retry-After", "1"));
      } else {
        var back = new AtomicBoolean();
        context.addEndHandler(
            end -> {
              if (back.compareAndSet(false, true)) {
                giveBack(size);
              }
            });
        collector.handle(context);
      }
    };
  }

  /** How large the body will be: what the head says, else as large as it may be. */
  private static long announced(HttpServerRequest request, long limit) {
    var length = request.getHeader("Content-Length");
    if (length != null) {
      return length.matches("\\d{1,18}") ? Long.parseLong(length) : Long.MAX_VALUE;
    }
    return request.headers().contains("Transfer-Encoding") ? limit : 0;
  }

  private synchronized boolean take(long size) {
    if (size > 0 && taken + size > most) {
      return false;
    }
    taken += size;
    return true;
  }

  private synchronized void giveBack(long size) {
    taken -= size;
  }

  synchronized long taken() {
    return taken;
  }
}
