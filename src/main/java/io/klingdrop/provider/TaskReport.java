package io.klingdrop.provider;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one look at a task brought. */
public sealed interface TaskReport {

  /** The task goes on; {@code word} is the provider's state word, known to us or not. */
  record Working(String word) implements TaskReport {}

  /**
   * The task ended well. The list may be empty, which is the provider's fault, not a success.
   *
   * @param took how long it ran by the provider's own clock, null if the provider does not say
   */
  record Done(List<String> urls, @Nullable Double credits, @Nullable Duration took)
      implements TaskReport {
    public Done {
      urls = List.copyOf(urls);
    }
  }

  /** The task ended in failure, by the provider's own word. */
  record Ended(Refusal refusal, @Nullable Double credits) implements TaskReport {}

  /** The provider does not know the task. */
  record NotKnown(String said) implements TaskReport {}

  /** Nothing was learnt about the task; ask again later. */
  record NoWord(String reason) implements TaskReport {}

  /** The account is refused; says nothing about the task. */
  record Closed(Refusal refusal) implements TaskReport {}
}
