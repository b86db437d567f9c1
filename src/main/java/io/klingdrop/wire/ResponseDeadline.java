package io.klingdrop.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Ends a call whose answer does not end. HttpClient's own timeouts count from one byte to the next,
 * so a server that sends a byte now and then would hold a call, and its job, for ever. Thread-safe.
 */
record ResponseDeadline(Duration answerWithin, Duration headWithin) implements ExecChainHandler {
  private static final ScheduledExecutorService WATCH = watch();

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    // once the answer has been read the connection is given back, and ending the call does nothing
    Runnable end = scope.execRuntime::discardEndpoint;
    var headOverdue = in(headWithin, end);
    try {
      var response = chain.proceed(request, scope);
      in(answerWithin, end);
      return response;
    } finally {
      headOverdue.run();
    }
  }

  /** Plans the end of a call; answers how to call it off. */
  private static Runnable in(Duration time, Runnable end) {
    var planned = WATCH.schedule(end, time.toMillis(), TimeUnit.MILLISECONDS);
    return () -> planned.cancel(false);
  }

  private static ScheduledExecutorService watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              var thread = new Thread(work, "answers-within-time");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }
}
