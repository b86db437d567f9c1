package io.klingdrop.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A company's proxy on the loopback address: tunnels (CONNECT) and requests with whole addresses.
 * It alone knows where the hosts of a test are.
 */
public final class ProxyServer implements AutoCloseable {
  private final ServerSocket listener;
  private final String login;
  private final Map<String, Integer> hosts = new ConcurrentHashMap<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile int refusing;

  /**
   * Starts it.
   *
   * @param login {@code user:password}, or empty if it asks for none
   */
  public ProxyServer(String login) throws IOException {
    this.login = login;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  /** From now on that host is a server of this machine. */
  public ProxyServer leads(String host, int port) {
    hosts.put(host, port);
    return this;
  }

  /** From now on everything is answered with this status. */
  public void refuse(int status) {
    refusing = status;
  }

  /** Its address, with the login. */
  public String url() {
    return "http://%s127.0.0.1:%d"
        .formatted(login.isEmpty() ? "" : login + "@", listener.getLocalPort());
  }

  /** The heads of all requests so far, those without a login too. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      heads.add(head);
      var host = head.split(" ", 3)[1].replaceFirst("^http://", "").replaceFirst("[:/].*", "");
      var port = hosts.get(host);
      if (!login.isEmpty()
          && !head.matches("(?is).*\\nproxy-authorization: \\Q" + expected() + "\\E\r?\n.*")) {
        say(client, "HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic realm=\"company\"");
      } else if (refusing > 0 || port == null) {
        say(client, "HTTP/1.1 %d No".formatted(refusing > 0 ? refusing : 502));
      } else {
        join(client, head, port);
      }
    } catch (IOException e) {
      // one of the two has gone
    }
  }

  private String expected() {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private static void say(Socket client, String head) throws IOException {
    client
        .getOutputStream()
        .write((head + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void join(Socket client, String head, int port) throws IOException {
    try (var server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      open.add(server);
      if (head.startsWith("CONNECT ")) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } else {
        server.getOutputStream().write(passedOn(head).getBytes(StandardCharsets.ISO_8859_1));
      }
      var tunnel = head.startsWith("CONNECT ");
      var back = daemon(() -> answer(server, client, tunnel));
      pump(client, server);
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One request a connection, without what is said to the proxy only. */
  private static String passedOn(String head) {
    return head.replaceFirst(" http://[^/ ]+", " ")
            .lines()
            .filter(line -> !line.matches("(?i)(proxy-|connection:).*"))
            .collect(Collectors.joining("\r\n"))
        + "\r\nConnection: close\r\n\r\n";
  }

  /** What is no tunnel is one request and one answer. */
  private static void answer(Socket server, Socket client, boolean tunnel) {
    try {
      if (!tunnel) {
        var head = head(server.getInputStream());
        var closing = head + "Connection: close\r\n\r\n";
        client.getOutputStream().write(closing.getBytes(StandardCharsets.ISO_8859_1));
      }
      pump(server, client);
    } catch (IOException e) {
      // one of the two has gone
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // the other side has gone
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.substring(0, head.length() - 2);
      }
    }
    return "";
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "company-proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
