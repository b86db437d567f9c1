package io.klingdrop.provider;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts provider calls since the start. Thread-safe; counting never waits. */
public final class Tally {
  private final Map<Counted, LongAdder> calls = new ConcurrentHashMap<>();

  /**
   * What a call is counted under.
   *
   * @param call such as {@code createTask}
   * @param outcome {@code ok}, {@code refused}, {@code rate} for too many, or {@code lost}
   */
  public record Counted(String account, String call, String outcome) {}

  void count(String account, String call, String outcome) {
    calls
        .computeIfAbsent(new Counted(account, call, outcome), counted -> new LongAdder())
        .increment();
  }

  public Map<Counted, Long> calls() {
    return calls.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }
}
