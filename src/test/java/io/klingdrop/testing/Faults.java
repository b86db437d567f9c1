package io.klingdrop.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Behaviours that break HTTP or the connection. Those named {@code acceptThen…} let the endpoint do
 * its work first, so a task is created and paid for though the client never hears of it; the other
 * ones without a body do nothing with the call.
 */
public final class Faults {

  private static final Duration FOREVER = Duration.ofDays(1);

  private Faults() {}

  /** Resets the connection having read the head of the call only. */
  public static Behaviour resetBeforeRead() {
    return Turn::reset;
  }

  /** Reads the call and closes the connection without a word. */
  public static Behaviour closeUnanswered() {
    return turn -> {
      turn.readAll();
      turn.close();
    };
  }

  /** Reads the call and stays silent until the double closes. */
  public static Behaviour hang() {
    return hang(FOREVER);
  }

  /** Reads the call, stays silent for a time, then closes the connection. */
  public static Behaviour hang(Duration time) {
    return turn -> {
      turn.readAll();
      turn.pause(time);
      turn.close();
    };
  }

  /** Neither reads the body nor answers until the double closes: big uploads jam. */
  public static Behaviour hangBeforeRead() {
    return turn -> turn.pause(FOREVER);
  }

  /** Does the work, and answers as it ought to once the latch is down. */
  public static Behaviour heldBack(CountDownLatch released) {
    return turn -> {
      turn.honest();
      turn.pauseUntil(released);
      turn.send(turn.honest());
    };
  }

  public static Behaviour acceptThenReset() {
    return resetBeforeRead().afterAccepting();
  }

  public static Behaviour acceptThenClose() {
    return closeUnanswered().afterAccepting();
  }

  public static Behaviour acceptThenHang() {
    return hang().afterAccepting();
  }

  public static Behaviour acceptThenStatus(int status) {
    return Answers.statusPage(status).afterAccepting();
  }

  /** Half of the true answer, then the end of the connection. */
  public static Behaviour acceptThenTruncate() {
    return turn -> cut(turn, turn.honest().body().length() / 2).close();
  }

  /** The true head, that many bytes of the true body, then the end of the connection. */
  public static Behaviour truncateAfter(long bytes) {
    return turn -> cut(turn, bytes).close();
  }

  /** The true head, that many bytes of the true body, then a reset. */
  public static Behaviour resetAfter(long bytes) {
    return turn -> cut(turn, bytes).reset();
  }

  /** The true head, that many bytes of the true body, then silence until the double closes. */
  public static Behaviour stallAfter(long bytes) {
    return turn -> cut(turn, bytes).pause(FOREVER);
  }

  /** The true answer, its body a few bytes at a time. */
  public static Behaviour drip(int bytes, Duration pause) {
    return turn -> {
      Reply reply = withLength(turn.honest(), 0);
      long length = reply.body().length();
      turn.sendHead(reply);
      for (long from = 0; from < length; from += bytes) {
        turn.sendBytes(reply.body(), from, Math.min(bytes, length - from));
        turn.pause(pause);
      }
    };
  }

  /** The whole with status 200, though only a part of it was asked for. */
  public static Behaviour ignoreRange() {
    return turn -> turn.send(turn.honestWithout("Range"));
  }

  /** The true body under a Content-Length that is wrong by so many bytes; then the end. */
  public static Behaviour lengthOffBy(long difference) {
    return turn -> {
      Reply reply = turn.honest();
      turn.sendHead(withLength(reply, difference));
      turn.sendBytes(reply.body(), 0, reply.body().length());
      turn.close();
    };
  }

  /** The true answer without a Content-Length: its end is the end of the connection. */
  public static Behaviour withoutLength() {
    return turn -> {
      Reply reply = turn.honest().with("Connection", "close");
      turn.sendHead(reply);
      turn.sendBytes(reply.body(), 0, reply.body().length());
      turn.close();
    };
  }

  /** The true answer in chunks of at most that many bytes. */
  public static Behaviour chunked(int bytes) {
    return turn -> {
      Reply reply = turn.honest().with("Transfer-Encoding", "chunked");
      long length = reply.body().length();
      turn.sendHead(reply);
      for (long from = 0; from < length; from += bytes) {
        long count = Math.min(bytes, length - from);
        write(turn, Long.toHexString(count) + "\r\n");
        turn.sendBytes(reply.body(), from, count);
        write(turn, "\r\n");
      }
      write(turn, "0\r\n\r\n");
      turn.out().flush();
    };
  }

  /** Bytes that are no HTTP at all, then the end of the connection. */
  public static Behaviour gibberish() {
    return turn -> {
      turn.readAll();
      write(turn, "220 mail.example.org ESMTP ready\r\n");
      turn.out().flush();
      turn.close();
    };
  }

  private static Turn cut(Turn turn, long bytes) throws IOException {
    Reply reply = turn.honest();
    turn.sendHead(withLength(reply, 0));
    turn.sendBytes(reply.body(), 0, Math.min(bytes, reply.body().length()));
    return turn;
  }

  private static Reply withLength(Reply reply, long difference) {
    return reply.with("Content-Length", Long.toString(reply.body().length() + difference));
  }

  private static void write(Turn turn, String text) throws IOException {
    turn.out().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
