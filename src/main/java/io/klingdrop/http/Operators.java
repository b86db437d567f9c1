package io.klingdrop.http;

import io.klingdrop.fault.OutOfMemory;
import io.klingdrop.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operator logs in, brings the token, or, without one, is on this machine. Thread-safe. */
record Operators(Settings.Http settings, Origins origins, Logins logins, @Nullable Token token) {
  /** Lets the operator's request go on, and answers everybody else. */
  void letIn(RoutingContext context) {
    var request = context.request();
    var refusal = origins.refusal(request);
    if (refusal != null) {
      Answer.refuse(context, refusal);
    } else if (settings.login()) {
      askForPassword(context);
    } else if (token == null || token.isBroughtBy(request)) {
      context.next();
    } else if (!tookToken(context, token)) {
      Answer.refuse(
          context,
          401,
          "token",
          "callbacks make this port public: open the address with the token that klingdrop"
              + " logs at its start, or send the token as Authorization: Bearer; it is in "
              + Token.FILE
              + " of the data folder");
    }
  }

  /** Calls back at once if this is nobody's login, else as soon as it is known whose. */
  Future<Boolean> isOperator(RoutingContext context) {
    var request = context.request();
    if (origins.refusal(request) != null) {
      return Future.succeededFuture(false);
    }
    if (settings.login()) {
      return verdict(context).map(Logins.Verdict::right).otherwise(false);
    }
    return Future.succeededFuture(token == null || token.isBroughtBy(request));
  }

  /** The token in the address of the page is taken out of it, and kept by the browser. */
  private static boolean tookToken(RoutingContext context, Token token) {
    var said = Optional.ofNullable(context.request().getParam("token")).orElse("");
    if (!context.request().method().equals(HttpMethod.GET)
        || !context.normalizedPath().equals(OpsPaths.PAGE)
        || !token.is(said)) {
      return false;
    }
    token.giveTo(context.response());
    context.response().putHeader("Location", OpsPaths.PAGE).setStatusCode(302).end();
    return true;
  }

  private Future<Logins.Verdict> verdict(RoutingContext context) {
    return Future.fromCompletionStage(
        logins.check(
            context.request().getHeader("Authorization"),
            context.request().remoteAddress().hostAddress()),
        context.vertx().getOrCreateContext());
  }

  private void askForPassword(RoutingContext context) {
    context.request().pause();
    verdict(context)
        .onComplete(
            checked -> {
              context.request().resume();
              if (checked.failed()) {
                OutOfMemory.seen(checked.cause());
                context.fail(checked.cause());
              } else if (checked.result().right()) {
                context.next();
              } else if (!checked.result().later().isZero()) {
                tooMany(context, checked.result().later());
              } else {
                context.response().putHeader("WWW-Authenticate", "Basic realm=\"klingdrop\"");
                Answer.refuse(context, 401, "login", "user and password, please");
              }
            });
  }

  private static void tooMany(RoutingContext context, Duration wait) {
    var seconds = Long.toString(wait.plusMillis(999).toSeconds());
    context.response().putHeader("Retry-After", seconds);
    Answer.refuse(
        context,
        Answer.error(
            429,
            "too-many-logins",
            "too many wrong logins: this one was not looked at; try again in " + seconds + " s",
            seconds));
  }
}
