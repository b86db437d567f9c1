package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** What becomes of one task, and how that looks from outside. Thread-safe. */
public interface TaskLife {
  /** Begins the lives of tasks that are accepted. */
  interface Source {
    /**
     * Begins one; once this returns the task is accepted.
     *
     * @param createdAt in milliseconds of the epoch
     * @throws Envelope.Refusal if there is no room for it
     * @throws IOException if it cannot be kept
     */
    TaskLife begin(String id, JsonNode request, CheckedRequest checked, long createdAt)
        throws IOException;
  }

  /** An answer in place of the next one about the task, if it asks for that; counts as one. */
  default Optional<SandboxAnswer> oddAnswer() {
    return Optional.empty();
  }

  /** What somebody sees who asks now; nothing while the provider does not know the task yet. */
  Optional<Sight> asked(long now);

  /** The same without counting as a question, and without pretence. */
  Sight look(long now);

  /** The video of this number, counted from 1, if it can be had now. */
  Optional<SandboxBody> video(int number, long now) throws IOException;

  /** Whether the addresses of its videos serve no longer; counts as an attempt. */
  default boolean expired() {
    return false;
  }

  /** Lets the addresses of its videos serve again. */
  default void renew() {}
}
