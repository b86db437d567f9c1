package io.klingdrop.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The body of one request: ends where the request ends, not where the connection does. A client
 * that goes away in the middle is an {@link EOFException}, never a short body.
 */
final class RequestBody extends InputStream {

  private final Wire wire;
  private final boolean chunked;
  private boolean continueExpected;
  private boolean firstChunk = true;
  private long left;
  private boolean ended;

  private RequestBody(Wire wire, boolean chunked, long length, boolean continueExpected) {
    this.wire = wire;
    this.chunked = chunked;
    this.left = length;
    this.continueExpected = continueExpected;
    this.ended = !chunked && length == 0;
  }

  static RequestBody chunked(Wire wire, boolean continueExpected) {
    return new RequestBody(wire, true, 0, continueExpected);
  }

  static RequestBody sized(Wire wire, long length, boolean continueExpected) {
    return new RequestBody(wire, false, length, continueExpected);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int count = wire.in().read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the client left in the middle of its request");
    }
    left -= count;
    return count;
  }

  /** Reads what is left, so that the connection stands at its next request. */
  void drain() throws IOException {
    transferTo(OutputStream.nullOutputStream());
  }

  /** Whether the client still waits for the word to send its body, and nobody gave it. */
  boolean withheld() {
    return continueExpected;
  }

  private boolean more() throws IOException {
    if (ended) {
      return false;
    }
    if (continueExpected) {
      continueExpected = false;
      wire.write("HTTP/1.1 100 Continue\r\n\r\n");
      wire.flush();
    }
    if (left == 0 && chunked) {
      nextChunk();
    }
    ended = left == 0;
    return !ended;
  }

  private void nextChunk() throws IOException {
    if (!firstChunk) {
      wire.requireLine();
    }
    firstChunk = false;
    String size = wire.requireLine();
    int extension = size.indexOf(';');
    String digits = extension < 0 ? size : size.substring(0, extension);
    left = Long.parseLong(digits.strip(), 16);
    if (left == 0) {
      while (!wire.requireLine().isEmpty()) {
        // trailers mean nothing here
      }
    }
  }
}
