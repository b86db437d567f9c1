package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.JobLog;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.CallbackWord.Genuine;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.GenuineCallback;
import io.klingdrop.provider.Providers;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for callbacks. Whoever does not know a secret learns nothing and costs nothing; what is
 * accepted is only written down, so that the provider is answered at once.
 */
final class CallbackEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackEndpoints.class);

  /** What the body of a good answer looks like at kie.ai (its model pages, 2026-08). */
  private static final String THANKS = "{\"code\":200,\"msg\":\"success\"}";

  private final Callbacks callbacks;
  private final Providers providers;
  private final Predicate<GenuineCallback> taken;
  private final @Nullable SelfTest selfTest;
  private final LogThrottle warnings;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();

  CallbackEndpoints(
      Callbacks callbacks,
      Providers providers,
      Predicate<GenuineCallback> taken,
      @Nullable SelfTest selfTest,
      InstantSource clock) {
    this.callbacks = callbacks;
    this.providers = providers;
    this.taken = taken;
    this.selfTest = selfTest;
    this.warnings = new LogThrottle(clock);
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.post(
            "/callback/{provider}/{secret}",
            "http-take-callback",
            "Takes the word of a provider that something happened to a task",
            this::take),
        Endpoint.get(
            "/callback/{provider}/{secret}",
            "http-answer-self-test",
            "Answers klingdrop itself, which tries whether its public address leads here",
            this::self));
  }

  /** How many callbacks were accepted, and how many refused. */
  long[] counts() {
    return new long[] {accepted.sum(), refused.sum()};
  }

  /** Lets a request go on that knows a secret, before its body is kept; refuses the others. */
  void letIn(RoutingContext context) {
    var parts = context.normalizedPath().split("/", -1);
    if (parts.length == 4 && knows(context.request().method(), parts[2], parts[3])) {
      context.next();
    } else {
      refused.increment();
      Answer.refuse(context, Answer.nothing());
    }
  }

  private boolean knows(HttpMethod method, String provider, String secret) {
    return isSelfTest(provider, secret)
        || (!method.equals(HttpMethod.GET) && callbacks.find(provider, secret).isPresent());
  }

  private Answer take(Request request) {
    var address = callbacks.find(request.part("provider"), request.part("secret"));
    if (address.isEmpty()) {
      return refuse(404, "no-such-path", "there is nothing at this path");
    }
    var word =
        providers
            .account(address.get().provider())
            .gateway()
            .read(new Callback(headers(request), request.body().toString()));
    if (word instanceof CallbackWord.Forged forged) {
      told(address.get().jobId(), forged.reason());
      return refuse(401, "forged", "this callback is not accepted: " + forged.reason());
    }
    if (!taken.test(new GenuineCallback(address.get(), (Genuine) word))) {
      return refuse(503, "not-kept", "this callback could not be written down; send it again");
    }
    accepted.increment();
    return Answer.text(Answer.JSON, THANKS);
  }

  private Answer refuse(int status, String code, String message) {
    refused.increment();
    return Answer.error(status, code, message);
  }

  /** Who knows an address and lies must not fill the log. */
  private void told(String job, String reason) {
    var others = warnings.turn();
    if (others.isPresent()) {
      JobLog.about(
          job, () -> LOG.warn("a callback of job {} is refused: {}{}", job, reason, others.get()));
    }
  }

  private static Map<String, String> headers(Request request) {
    var headers = new HashMap<String, String>();
    request
        .wire()
        .headers()
        .forEach(entry -> headers.putIfAbsent(entry.getKey(), entry.getValue()));
    return headers;
  }

  private Answer self(Request request) {
    return isSelfTest(request.part("provider"), request.part("secret"))
        ? Answer.json(JsonNodeFactory.instance.objectNode().put("here", true))
        : Answer.nothing();
  }

  private boolean isSelfTest(String provider, String secret) {
    return selfTest != null && provider.equals(SelfTest.NAME) && selfTest.isOurs(secret);
  }
}
