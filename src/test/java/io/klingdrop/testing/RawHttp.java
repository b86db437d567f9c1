package io.klingdrop.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests no proper client would send. */
public final class RawHttp {

  private RawHttp() {}

  /** The whole answer to a GET with exactly these headers. */
  public static String get(Http http, String path, String... headers) throws IOException {
    try (var socket = new Socket("127.0.0.1", http.at("/").getPort())) {
      var request = "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers);
      socket
          .getOutputStream()
          .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Everything that comes back for exactly these bytes, until the other side hangs up. */
  public static String answers(Http http, String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", http.at("/").getPort())) {
      socket.setSoTimeout(Math.toIntExact(Patience.LONG.toMillis()));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
