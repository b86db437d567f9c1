package io.klingdrop.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the one user's password. Its hash is slow on purpose, so it has a thread and a short line
 * of its own; a header that was looked at lately is not hashed again, and an address that keeps
 * being wrong has to wait. Thread-safe.
 */
final class Logins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
  private static final int LINE = 4;
  private static final int RIGHT_ONES = 16;
  private static final int WRONG_ONES = 256;

  private final String user;
  private final String hash;
  private final Remembered right;
  private final Remembered wrong;
  private final Penalties penalties;
  private final LogThrottle warnings;
  private final LongAdder rightOnes = new LongAdder();
  private final LongAdder wrongOnes = new LongAdder();
  private final LongAdder refusedOnes = new LongAdder();
  private final ThreadPoolExecutor hand =
      new ThreadPoolExecutor(
          0,
          1,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(LINE),
          work -> {
            var thread = new Thread(work, "logins");
            thread.setDaemon(true);
            return thread;
          });

  /** Whether a header holds user and password; {@code later}: how long it is not even looked at. */
  record Verdict(boolean right, Duration later) {
    static final Verdict RIGHT = new Verdict(true, Duration.ZERO);
    static final Verdict WRONG = new Verdict(false, Duration.ZERO);
  }

  Logins(String user, String hash, InstantSource clock) {
    this.user = user;
    this.hash = hash;
    this.right = new Remembered(RIGHT_ONES, clock);
    this.wrong = new Remembered(WRONG_ONES, clock);
    this.penalties = new Penalties(clock);
    this.warnings = new LogThrottle(clock);
  }

  /** Looks at the header of that address. Returns at once; what it returns ends soon. */
  CompletionStage<Verdict> check(@Nullable String authorization, String address) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return CompletableFuture.completedStage(Verdict.WRONG);
    }
    if (right.knows(authorization)) {
      return CompletableFuture.completedStage(Verdict.RIGHT);
    }
    if (wrong.knows(authorization)) {
      // a program with an old password is no guesser, and costs nothing
      wrong(address);
      return CompletableFuture.completedStage(Verdict.WRONG);
    }
    var wait = penalties.tries(address);
    if (wait.isZero()) {
      try {
        return CompletableFuture.supplyAsync(() -> look(authorization, address), hand);
      } catch (RejectedExecutionException e) {
        wait = Duration.ofSeconds(1);
      }
    }
    refusedOnes.increment();
    warn(address);
    return CompletableFuture.completedStage(new Verdict(false, wait));
  }

  /** How many were right, wrong, and not looked at; the remembered right ones not counted. */
  long[] counts() {
    return new long[] {rightOnes.sum(), wrongOnes.sum(), refusedOnes.sum()};
  }

  private Verdict look(String authorization, String address) {
    if (fits(authorization)) {
      rightOnes.increment();
      right.add(authorization);
      penalties.forgive(address);
      return Verdict.RIGHT;
    }
    wrong.add(authorization);
    wrong(address);
    return Verdict.WRONG;
  }

  private boolean fits(String authorization) {
    var pair = decoded(authorization.substring(6).strip());
    var colon = Math.max(0, pair.indexOf(':'));
    var sameUser =
        MessageDigest.isEqual(Passwords.digest(pair.substring(0, colon)), Passwords.digest(user));
    var password = pair.substring(Math.min(pair.length(), colon + 1)).toCharArray();
    return Passwords.matches(password, hash) && sameUser;
  }

  private void wrong(String address) {
    wrongOnes.increment();
    warn(address);
  }

  private void warn(String address) {
    warnings
        .turn()
        .ifPresent(
            others ->
                LOG.warn("a wrong user or password from {}{}; nothing was shown", address, others));
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  public void close() {
    hand.shutdownNow();
  }
}
