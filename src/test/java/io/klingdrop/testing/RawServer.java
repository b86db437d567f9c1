package io.klingdrop.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A listener on the loopback address whose connections do exactly what a test says. */
public final class RawServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Talk talk;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** What happens on one connection; it is closed afterwards. */
  @FunctionalInterface
  public interface Talk {
    void with(Line line) throws IOException;
  }

  /** One connection, seen from the server. */
  public final class Line {
    private final Socket socket;

    private Line(Socket socket) {
      this.socket = socket;
    }

    public Socket socket() {
      return socket;
    }

    /** Reads one request with its body, if its length is told; empty at the end of the line. */
    public String request() throws IOException {
      var in = socket.getInputStream();
      var head = head(in);
      if (!head.isEmpty()) {
        heads.add(head);
        var length = head.toLowerCase(java.util.Locale.ROOT).split("content-length: ", 2);
        if (length.length == 2) {
          in.readNBytes(Integer.parseInt(length[1].lines().findFirst().orElseThrow().strip()));
        } else if (head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked")) {
          while (!line(in).equals("0")) {
            // a chunk may hold anything but a line with a nought
          }
          line(in);
        }
      }
      return head;
    }

    public void say(String text) throws IOException {
      var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(bytes);
      written.addAndGet(bytes.length);
    }

    /** Says it again and again until the other side has gone. */
    public void sayForEver(String text) {
      try {
        while (true) {
          say(text);
        }
      } catch (IOException e) {
        // gone, at last
      }
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  public RawServer(Talk talk) throws IOException {
    this.talk = talk;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    var thread = new Thread(work, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        daemon(() -> talk(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      talk.with(new Line(socket));
    } catch (IOException e) {
      // the other side has gone
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      head.append(line).append("\r\n");
    }
    return head.toString();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  public int port() {
    return listener.getLocalPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** How many connections were opened so far. */
  public int connections() {
    return connections.get();
  }

  /** The heads of all requests so far. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** How many bytes it could say so far. */
  public long written() {
    return written.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
