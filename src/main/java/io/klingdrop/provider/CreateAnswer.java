package io.klingdrop.provider;

/** What became of one createTask call. */
public sealed interface CreateAnswer {

  /** The provider accepted the task under this id, verbatim. */
  record Accepted(String taskId) implements CreateAnswer {}

  /** The provider surely created nothing. */
  record Refused(Refusal refusal) implements CreateAnswer {}

  /** Nobody can tell from here whether a task exists. */
  record Lost(String reason) implements CreateAnswer {}
}
