package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One kept connection to the double and not a call more than asked for. The JDK's own client is no
 * good for counting: when an answer overtakes its housekeeping it drops the connection and repeats
 * a GET unasked, about once in fifty thousand calls (JDK 17.0.15).
 */
final class RawClient implements Closeable {

  private final FakeKie kie;
  private final Socket socket;
  private final InputStream in;

  RawClient(FakeKie kie) throws IOException {
    this.kie = kie;
    this.socket = new Socket("127.0.0.1", kie.url().getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  JsonNode get(String target) throws IOException {
    return call("GET", target, "");
  }

  JsonNode post(String target, JsonNode body) throws IOException {
    return call("POST", target, body.toString());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private JsonNode call(String method, String target, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s";
    String request = head.formatted(method, target, kie.key(), bytes.length, body);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    return Envelopes.parse(new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the double closed the connection");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }
}
