package io.klingdrop.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.klingdrop.files.Hashes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A valid video of any size below 4 GiB, no two parts of it alike, made while it is sent, and a
 * server that hangs up in the middle of it once. Neither needs memory for it.
 */
public final class BigFilm implements AutoCloseable {
  private static final int BLOCK = 1 << 16;
  private static final String TAG = "\"big-film\"";

  private final long bytes;
  private final long cutAt;
  private final byte[] head;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final List<Long> starts = Collections.synchronizedList(new ArrayList<>());

  /** Serves a film of that many bytes; the first who asks gets a little more than half of it. */
  public BigFilm(long bytes) throws IOException {
    this.bytes = bytes;
    this.cutAt = bytes / 2 + 12_345;
    this.head = Mp4.padded(Duration.ofSeconds(3), "big", bytes).slice(0, 8192).bytes();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/film.mp4", this::serve);
    server.start();
  }

  /** Where it is to be had. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/film.mp4");
  }

  /** From which byte on each caller asked for it. */
  public List<Long> starts() {
    return List.copyOf(starts);
  }

  /** The hash of the whole. */
  public String sha256() throws IOException {
    var digest = Hashes.digest();
    copy(
        new OutputStream() {
          @Override
          public void write(int one) {
            digest.update((byte) one);
          }

          @Override
          public void write(byte[] block, int from, int count) {
            digest.update(block, from, count);
          }
        },
        0,
        bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  private void serve(HttpExchange call) throws IOException {
    var range = call.getRequestHeaders().getFirst("Range");
    var same = TAG.equals(call.getRequestHeaders().getFirst("If-Range"));
    var from = range == null || !same ? 0 : Long.parseLong(range.replaceAll("\\D", ""));
    starts.add(from);
    call.getResponseHeaders().set("ETag", TAG);
    if (from > 0) {
      var part = "bytes %d-%d/%d".formatted(from, bytes - 1, bytes);
      call.getResponseHeaders().set("Content-Range", part);
    }
    call.sendResponseHeaders(from > 0 ? 206 : 200, bytes - from);
    if (starts.size() == 1) {
      copy(call.getResponseBody(), 0, cutAt);
      call.getResponseBody().flush();
      throw new IOException("the server hangs up");
    }
    copy(call.getResponseBody(), from, bytes);
    call.close();
  }

  private void copy(OutputStream out, long from, long to) throws IOException {
    var block = ByteBuffer.allocate(BLOCK);
    for (var start = from - from % BLOCK; start < to; start += BLOCK) {
      fill(block, start);
      var first = (int) Math.max(0, from - start);
      var behind = (int) Math.min(BLOCK, to - start);
      out.write(block.array(), first, behind - first);
    }
  }

  /** The block at that place: the film's head, then numbers that depend on the place alone. */
  private void fill(ByteBuffer block, long start) {
    for (int at = 0; at < BLOCK; at += Long.BYTES) {
      var mixed = (start + at) * 0x9E3779B97F4A7C15L;
      block.putLong(at, (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L);
    }
    if (start == 0) {
      System.arraycopy(head, 0, block.array(), 0, head.length);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
