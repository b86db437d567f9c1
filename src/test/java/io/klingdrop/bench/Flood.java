package io.klingdrop.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Strangers who call the door of callbacks with garbage, so many times a second, until closed. */
final class Flood implements AutoCloseable {
  private static final int CALLERS = 8;

  private final int port;
  private final long period;
  private final List<Thread> callers = new ArrayList<>();
  private final List<Long> micros = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger taken = new AtomicInteger();
  private final long begun = System.nanoTime();
  private volatile boolean open = true;

  /** Begins to call; a rate of 0 calls nobody. */
  Flood(int port, int aSecond) {
    this.port = port;
    this.period = aSecond == 0 ? 0 : CALLERS * 1_000_000_000L / aSecond;
    for (int i = 0; i < CALLERS && aSecond > 0; i++) {
      var random = new Random(i);
      var caller = new Thread(() -> call(random), "stranger-" + i);
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
  }

  private void call(Random random) {
    var next = System.nanoTime();
    while (open) {
      try (var socket = new Socket("127.0.0.1", port)) {
        socket.setTcpNoDelay(true);
        var in = new BufferedInputStream(socket.getInputStream());
        while (open) {
          next += period;
          LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
          var sent = System.nanoTime();
          socket.getOutputStream().write(garbage(random));
          if (status(in) < 300) {
            taken.incrementAndGet();
          }
          micros.add((System.nanoTime() - sent) / 1_000);
        }
      } catch (IOException e) {
        // the next one tries again
      }
    }
  }

  private static byte[] garbage(Random random) {
    var body = "{\"data\":{\"taskId\":\"" + random.nextLong() + "\",\"state\":\"success\"}}";
    var path = "/callback/kie/" + Long.toHexString(random.nextLong()).repeat(3);
    var head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s";
    return head.formatted(path, body.length(), body).getBytes(StandardCharsets.US_ASCII);
  }

  private static int status(InputStream in) throws IOException {
    var first = line(in);
    var length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return Integer.parseInt(first.split(" ")[1]);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Calls answered a second, on the whole. */
  long rate() {
    return micros.size()
        * 1_000L
        / Math.max(1, Duration.ofNanos(System.nanoTime() - begun).toMillis());
  }

  /** How many of these calls somebody believed. */
  int taken() {
    return taken.get();
  }

  /** Microseconds until an answer; the given share of the calls took no longer. */
  long micros(double share) {
    synchronized (micros) {
      return Bench.quantile(micros, share);
    }
  }

  @Override
  public void close() {
    open = false;
    callers.forEach(LockSupport::unpark);
  }
}
