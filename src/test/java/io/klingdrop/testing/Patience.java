package io.klingdrop.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test waits for what must come: far longer than it ever takes, because a machine may be
 * slow and busy, and a test that gives up says something about the machine and not about the
 * program. {@code TestMannersTest} sees that no test waits by any other means.
 */
public final class Patience {
  /** Long enough for anything that happens by itself. */
  public static final Duration LONG = Duration.ofMinutes(10);

  private Patience() {}

  /** Waits for a condition, for as long as {@link #LONG}. */
  public static ConditionFactory await() {
    return await("a condition");
  }

  /** Waits for a condition that has a name in the report of a failure. */
  public static ConditionFactory await(String alias) {
    return Awaitility.await(alias).atMost(LONG).pollInterval(Duration.ofMillis(50));
  }
}
