package io.klingdrop.http;

import io.klingdrop.fault.OutOfMemory;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one port: so many and no more, and none for ever. Whoever comes when all
 * places are taken gets the place of the one that has kept us waiting longest: for a first request,
 * for the rest of one, or for the next. Thread-safe.
 */
final class Keeper {
  private static final Duration FOR_A_REQUEST = Duration.ofSeconds(15);
  static final Duration FOR_A_BODY = Duration.ofSeconds(15);
  private static final Duration FOR_THE_NEXT = Duration.ofSeconds(60);

  private final int most;
  private final LongSupplier nanos;
  private final Map<HttpConnection, Guest> guests = new LinkedHashMap<>();

  /** No connections yet, {@code most} at a time; {@code nanos} as {@code Time::nanos}. */
  Keeper(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** What one connection does: it waits for a request, or has one that may not be whole. */
  private static final class Guest {
    private long since;
    private Duration patience = FOR_A_REQUEST;
    private @Nullable HttpServerRequest request;

    private Guest(long since) {
      this.since = since;
    }

    private boolean keepsUsWaiting() {
      return request == null || !request.isEnded();
    }
  }

  void connected(HttpConnection connection) {
    connection.exceptionHandler(OutOfMemory::seen);
    connection.closeHandler(gone -> left(connection));
    enter(connection).ifPresent(HttpConnection::close);
  }

  private synchronized Optional<HttpConnection> enter(HttpConnection connection) {
    var now = nanos.getAsLong();
    if (guests.size() < most) {
      guests.put(connection, new Guest(now));
      return Optional.empty();
    }
    var slowest =
        guests.entrySet().stream()
            .filter(entry -> entry.getValue().keepsUsWaiting())
            .max(Comparator.comparingLong(entry -> now - entry.getValue().since))
            .map(Map.Entry::getKey)
            .orElse(connection);
    if (guests.remove(slowest) != null) {
      guests.put(connection, new Guest(now));
    }
    return Optional.of(slowest);
  }

  private synchronized void left(HttpConnection connection) {
    guests.remove(connection);
  }

  /** The head of a request has come; its body may take that long. */
  void asked(RoutingContext context, Duration patience) {
    var guest = guest(context.request().connection());
    if (guest != null) {
      mark(guest, context.request(), patience);
      context.addEndHandler(end -> answered(guest, context.request()));
    }
  }

  private synchronized void answered(Guest guest, HttpServerRequest request) {
    // the next request of the connection may have come by now
    if (guest.request == request && request.isEnded()) {
      mark(guest, null, FOR_THE_NEXT);
    }
  }

  private synchronized @Nullable Guest guest(HttpConnection connection) {
    return guests.get(connection);
  }

  private synchronized void mark(
      Guest guest, @Nullable HttpServerRequest request, Duration patience) {
    guest.request = request;
    guest.patience = patience;
    guest.since = nanos.getAsLong();
  }

  /** Ends the connections that have kept us waiting too long. */
  void sweep() {
    late().forEach(HttpConnection::close);
  }

  private synchronized Iterable<HttpConnection> late() {
    var now = nanos.getAsLong();
    return guests.entrySet().stream()
        .filter(entry -> entry.getValue().keepsUsWaiting())
        .filter(entry -> now - entry.getValue().since > entry.getValue().patience.toNanos())
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized int count() {
    return guests.size();
  }
}
