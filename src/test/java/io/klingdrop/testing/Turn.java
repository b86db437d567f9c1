package io.klingdrop.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call on its way to an answer: what a {@link Behaviour} can do with it. For one thread. */
public final class Turn {

  /** What an endpoint does with a call it takes. */
  interface Service {
    Reply serve(Call call) throws IOException;
  }

  private final Call call;
  private final Wire wire;
  private final Service service;
  private final CountDownLatch stopped;
  private @Nullable Reply honest;

  Turn(Call call, Wire wire, Service service, CountDownLatch stopped) {
    this.call = call;
    this.wire = wire;
    this.service = service;
    this.stopped = stopped;
  }

  public Call call() {
    return call;
  }

  /** Does the work of the endpoint, once, and returns the answer it deserves. */
  public Reply honest() throws IOException {
    if (honest == null) {
      honest = service.serve(call);
    }
    return honest;
  }

  /** As {@link #honest}, to the same call without one of its headers. */
  Reply honestWithout(String header) throws IOException {
    return service.serve(call.without(header));
  }

  /** Sends the answer as it is and leaves the connection open for the next call. */
  public void send(Reply reply) throws IOException {
    sendHead(reply.with("Content-Length", Long.toString(reply.body().length())));
    sendBytes(reply.body(), 0, reply.body().length());
  }

  /** Reads what is left of the call, then sends status and headers and nothing more. */
  public void sendHead(Reply reply) throws IOException {
    if (!call.body().withheld()) {
      call.body().drain();
    }
    var head = new StringBuilder("HTTP/1.1 %d \r\n".formatted(reply.status()));
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (call.body().withheld()) {
      head.append("Connection: close\r\n");
    }
    wire.write(head.append("\r\n").toString());
    wire.flush();
  }

  /** Sends a part of a body; nothing at all when the client asked for the head only. */
  public void sendBytes(Body body, long from, long count) throws IOException {
    if (!call.method().equals("HEAD")) {
      body.copy(wire.out(), from, count);
    }
    wire.flush();
  }

  /** The way to the client, for bytes that are no proper answer. Flush it. */
  public OutputStream out() {
    return wire.out();
  }

  /** Reads what is left of the call. */
  public void readAll() throws IOException {
    call.body().drain();
  }

  /** Ends the connection with a TCP reset. */
  public void reset() throws IOException {
    wire.reset();
  }

  /** Ends the connection. */
  public void close() throws IOException {
    wire.close();
  }

  /**
   * Waits.
   *
   * @throws InterruptedIOException when the double is closed meanwhile
   */
  public void pause(Duration time) throws InterruptedIOException {
    if (await(stopped, time)) {
      throw new InterruptedIOException("the double was closed");
    }
  }

  /**
   * Waits until the latch is down.
   *
   * @throws InterruptedIOException when the double is closed meanwhile
   */
  public void pauseUntil(CountDownLatch released) throws InterruptedIOException {
    while (!await(released, Duration.ofMillis(20))) {
      pause(Duration.ZERO);
    }
  }

  private static boolean await(CountDownLatch latch, Duration time) throws InterruptedIOException {
    try {
      return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting");
    }
  }
}
