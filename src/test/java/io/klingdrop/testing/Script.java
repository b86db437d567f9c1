package io.klingdrop.testing;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What shall happen to the calls to come: first what the scripts of {@link #when} say about a call
 * like this one, then each thing of {@link #next} once, then {@link #always}, then nothing special.
 * Safe for use by many threads.
 *
 * @param <T> what is scripted: a {@link Behaviour} or a {@link TaskPlan}
 */
public final class Script<T> {

  private record Case<T>(Predicate<Call> applies, Script<T> script) {}

  private final List<Case<T>> cases = new CopyOnWriteArrayList<>();
  private final Queue<T> queue = new ConcurrentLinkedQueue<>();
  private volatile @Nullable T always;

  /** Adds things that happen once each, in this order. */
  @SafeVarargs
  public final Script<T> next(T... things) {
    for (T thing : things) {
      queue.add(thing);
    }
    return this;
  }

  /** Adds a thing that happens n times. */
  public Script<T> times(int n, T thing) {
    for (int i = 0; i < n; i++) {
      queue.add(thing);
    }
    return this;
  }

  /** Sets what happens whenever nothing else was asked for. */
  public Script<T> always(T thing) {
    always = thing;
    return this;
  }

  /** Returns a script of its own for the calls that match; the first one that has a say wins. */
  public Script<T> when(Predicate<Call> applies) {
    var script = new Script<T>();
    cases.add(new Case<>(applies, script));
    return script;
  }

  /** Forgets everything. */
  public Script<T> clear() {
    cases.clear();
    queue.clear();
    always = null;
    return this;
  }

  /** How many things of {@link #next} have not happened yet, in this script and those inside. */
  public int pending() {
    return queue.size() + cases.stream().mapToInt(inner -> inner.script().pending()).sum();
  }

  /** Takes what shall happen to this call; empty means nothing special. */
  Optional<T> draw(Call call) {
    for (Case<T> inner : cases) {
      if (inner.applies().test(call)) {
        Optional<T> drawn = inner.script().draw(call);
        if (drawn.isPresent()) {
          return drawn;
        }
      }
    }
    return Optional.ofNullable(queue.poll()).or(() -> Optional.ofNullable(always));
  }
}
