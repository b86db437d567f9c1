package io.klingdrop.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * So many requests are worked on at a time, some more stand in line without a thread, and the rest
 * is told to come again. A turn ends with the work, even if whoever asked has hung up meanwhile.
 * Thread-safe.
 */
final class Turns {
  private final int most;
  private final int line;
  private final Set<HttpServerRequest> given = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<HttpServerRequest> begun = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(RoutingContext request, Context context) {}

  /** So many are worked on at a time, and so many may wait in line. */
  Turns(int most, int line) {
    this.most = most;
    this.line = line;
  }

  /** Lets the request go on now or later, or refuses it. Called on its event loop. */
  void enter(RoutingContext context) {
    var wire = context.request();
    boolean now;
    synchronized (this) {
      now = given.size() < most;
      if (now) {
        given.add(wire);
      } else if (waiting.size() < line) {
        waiting.add(new Waiting(context, context.vertx().getOrCreateContext()));
      } else {
        context.response().putHeader("Retry-After", "1");
        Answer.refuse(context, 429, "busy", "klingdrop is busy with other questions; ask again");
        return;
      }
    }
    context.addEndHandler(end -> ended(wire));
    if (now) {
      context.next();
    }
  }

  /** The work on a request begins. */
  synchronized void begun(HttpServerRequest wire) {
    if (given.contains(wire)) {
      begun.add(wire);
    }
  }

  void done(HttpServerRequest wire) {
    synchronized (this) {
      begun.remove(wire);
    }
    giveBack(wire);
  }

  /** Its answer is written, or it has hung up; work that has begun goes on. */
  private void ended(HttpServerRequest wire) {
    synchronized (this) {
      if (begun.contains(wire)) {
        return;
      }
      waiting.removeIf(one -> one.request.request() == wire);
    }
    giveBack(wire);
  }

  private void giveBack(HttpServerRequest wire) {
    Waiting next;
    synchronized (this) {
      next = given.remove(wire) ? waiting.poll() : null;
      if (next != null) {
        given.add(next.request.request());
      }
    }
    if (next != null) {
      next.context.runOnContext(go -> next.request.next());
    }
  }

  /** How many are worked on, and wait. */
  synchronized int[] counts() {
    return new int[] {given.size(), waiting.size()};
  }
}
