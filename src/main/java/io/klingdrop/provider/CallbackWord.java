package io.klingdrop.provider;

/** What a callback says, once its signature and its form were looked at. */
public sealed interface CallbackWord {

  /**
   * Something happened to a task. Only a hint: the provider is asked before anything is done.
   *
   * @param taskId empty if it names none
   * @param ended whether it says that the task has ended; true if it names no state
   */
  record Genuine(String taskId, boolean ended) implements CallbackWord {}

  /** It is not what this provider sends. */
  record Forged(String reason) implements CallbackWord {}
}
