package io.klingdrop.testing;

import io.klingdrop.time.Time;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small HTTP/1.1 server on the loopback address that can also do what servers should not. Takes
 * one thread per open connection. Safe for use by many threads.
 */
final class WireServer implements Closeable {

  /** Serves one call; whatever it leaves open and unread stays usable for the next one. */
  interface Handler {
    void serve(Call call, Wire wire) throws IOException;
  }

  private static final int BACKLOG = 1024;
  private static final int PATIENCE_SECONDS = 60;

  private final Time time;
  private final Handler handler;
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private final AtomicInteger resetsDue = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService threads;
  private final int port;
  private volatile ServerSocket listener;

  /**
   * Listens on a free port.
   *
   * @param name what its threads are called, before the port
   */
  WireServer(String name, Time time, Handler handler) throws IOException {
    this.time = time;
    this.handler = handler;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    var names = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "%s-%d-%d".formatted(name, port, names.get()));
              names.incrementAndGet();
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Takes calls from now on. */
  void start() {
    accept(listener);
  }

  int port() {
    return port;
  }

  /** How many connections clients have opened so far. */
  int connections() {
    return connections.get();
  }

  /** Open until the server closes: what a hanging answer may wait on. */
  CountDownLatch stopped() {
    return stopped;
  }

  /** Resets the next n connections before a single byte of them is read. */
  void resetConnections(int n) {
    resetsDue.set(n);
  }

  /** Cuts every open connection and refuses new ones. */
  void goDark() throws IOException {
    listener.close();
    // a thread that is about to accept may take one more
    while (answers()) {
      Thread.onSpinWait();
    }
    cutAll();
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Listens again, on the port it had. */
  void comeBack() throws IOException {
    if (listener.isClosed()) {
      listener = listen(port);
      accept(listener);
    }
  }

  @Override
  public void close() throws IOException {
    stopped.countDown();
    listener.close();
    cutAll();
    threads.shutdownNow();
    awaitThreads();
  }

  private void awaitThreads() throws IOException {
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("a connection of the double does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
    return socket;
  }

  private void accept(ServerSocket on) {
    threads.execute(
        () -> {
          while (!on.isClosed()) {
            try {
              admit(on.accept());
            } catch (IOException | RejectedExecutionException e) {
              // closed by goDark() or close(), or the client left before it was taken
            }
          }
        });
  }

  private void admit(Socket socket) throws IOException {
    connections.incrementAndGet();
    var wire = new Wire(socket);
    if (resetsDue.getAndUpdate(due -> Math.max(0, due - 1)) > 0) {
      wire.reset();
      return;
    }
    wires.add(wire);
    if (listener.isClosed()) {
      wire.reset();
    }
    threads.execute(() -> converse(wire));
  }

  private void converse(Wire wire) {
    try (wire) {
      for (Optional<Call> next = Call.readFrom(wire, time);
          next.isPresent();
          next = Call.readFrom(wire, time)) {
        Call call = next.get();
        handler.serve(call, wire);
        if (!wire.open() || call.wantsClose() || call.body().withheld()) {
          return;
        }
        call.body().drain();
      }
    } catch (IOException | UncheckedIOException e) {
      // the client is gone or talks nonsense: the connection ends, the server goes on
    } finally {
      wires.remove(wire);
    }
  }

  private void cutAll() throws IOException {
    for (Wire wire : wires) {
      wire.reset();
    }
  }
}
