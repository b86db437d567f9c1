package io.klingdrop.provider;

/** What became of one createTask call. */
public sealed interface CreateAnswer {

  /** The provider accepted the task under this id, verbatim. */
  record Accepted(String taskId) implements CreateAnswer {}

  /** The provider surely created nothing: the only answer after which it may be asked again. */
  record Refused(Refusal refusal) implements CreateAnswer {
    /** Takes only what {@link Meaning#madeNothing}; anything else is an illegal argument. */
    public Refused {
      if (!refusal.meaning().madeNothing()) {
        throw new IllegalArgumentException("no refusal of a createTask: " + refusal.meaning());
      }
    }
  }

  /** Nobody can tell from here whether a task exists. */
  record Lost(String reason) implements CreateAnswer {}
}
