package io.klingdrop.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A line to a server that can be cut at a word of the client: before the server reads it, or after
 * it has answered and before the client hears. While it is down nobody gets through.
 */
public final class CutLine implements AutoCloseable {
  private final ServerSocket door;
  private final int to;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile String word = "";
  private volatile boolean afterAnswer;
  private volatile boolean staysDown;
  private volatile boolean down;

  /** A line to that port of this machine. */
  public CutLine(int to) throws IOException {
    this.to = to;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /**
   * Cuts all connections when a client says this word the next time.
   *
   * @param afterAnswer whether the server reads it and answers
   * @param staysDown whether nobody gets through afterwards, until {@link #mend}
   */
  public void cutAt(String word, boolean afterAnswer, boolean staysDown) {
    this.afterAnswer = afterAnswer;
    this.staysDown = staysDown;
    this.word = word;
  }

  /** Whether the word was said and the line was cut. */
  public boolean wasCut() {
    return word.isEmpty();
  }

  /** Lets clients through again. */
  public void mend() {
    down = false;
  }

  private void accept() throws IOException {
    while (true) {
      var client = door.accept();
      if (down) {
        client.close();
        continue;
      }
      var server = new Socket(InetAddress.getLoopbackAddress(), to);
      open.add(client);
      open.add(server);
      start(() -> pass(client, server));
      start(() -> server.getInputStream().transferTo(new ToClient(client, server)));
    }
  }

  private void pass(Socket client, Socket server) throws IOException {
    var buffer = new byte[65_536];
    InputStream in = client.getInputStream();
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      var said = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
      if (!word.isEmpty() && said.contains(word)) {
        if (!afterAnswer) {
          cut();
          return;
        }
        word = "\0" + server.getLocalPort();
      }
      server.getOutputStream().write(buffer, 0, n);
    }
    cut(client, server);
  }

  private void cut() throws IOException {
    word = "";
    down = staysDown;
    for (var socket : open) {
      socket.close();
    }
    open.clear();
  }

  private static void cut(Socket client, Socket server) throws IOException {
    client.close();
    server.close();
  }

  /** Passes on what a server says, but for the answer that is to be lost. */
  private final class ToClient extends java.io.OutputStream {
    private final Socket client;
    private final String lost;

    ToClient(Socket client, Socket server) {
      this.client = client;
      this.lost = "\0" + server.getLocalPort();
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (word.equals(lost)) {
        cut();
      } else {
        client.getOutputStream().write(bytes, from, length);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // a line that was cut
              }
            },
            "cut-line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
