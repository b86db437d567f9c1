package io.klingdrop.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One connection from a client: lines and bytes in, bytes out, and the ways to end it. Used by one
 * thread; only {@link #reset} and {@link #close} may be called from another.
 */
final class Wire implements Closeable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  boolean open() {
    return !socket.isClosed();
  }

  void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The next line without its end, or empty when the client closed the connection before it. */
  Optional<String> line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        if (line.isEmpty()) {
          return Optional.empty();
        }
        throw new EOFException("the client left in the middle of a line");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
    }
    return Optional.of(line.toString());
  }

  /** The next line; the end of the connection is an error here. */
  String requireLine() throws IOException {
    return line().orElseThrow(() -> new EOFException("the client left in the middle of a head"));
  }

  /** Ends the connection with a TCP reset instead of a farewell, unless it has ended already. */
  void reset() throws IOException {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // closed meanwhile, by the client or by another thread
    }
    socket.close();
  }

  /** Ends the connection; what the client sent and nobody read turns this into a reset. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
