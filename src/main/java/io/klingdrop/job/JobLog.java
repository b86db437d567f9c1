package io.klingdrop.job;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Names the job that the present thread works on: every line it logs meanwhile carries the id. In
 * routes this is done for all steps; here it is for work outside of them. Thread-safe.
 */
public final class JobLog {
  /** Under which the id stands in the log's context. */
  public static final String KEY = "job";

  private JobLog() {}

  public static void about(String job, Runnable work) {
    var before = enter(job);
    try {
      work.run();
    } finally {
      leave(before);
    }
  }

  /** From now on lines are about that job; {@link #leave} must follow, with what this answers. */
  public static @Nullable String enter(String job) {
    var before = MDC.get(KEY);
    MDC.put(KEY, job);
    return before;
  }

  /** From now on lines are about what they were about before. */
  public static void leave(@Nullable String before) {
    if (before == null) {
      MDC.remove(KEY);
    } else {
      MDC.put(KEY, before);
    }
  }
}
