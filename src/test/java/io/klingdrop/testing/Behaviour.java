package io.klingdrop.testing;

import java.io.IOException;

/** What the provider does with one call. Ready-made ones: {@link Answers}, {@link Faults}. */
@FunctionalInterface
public interface Behaviour {

  /** Does what it ought to. */
  Behaviour HONEST = turn -> turn.send(turn.honest());

  void play(Turn turn) throws IOException;

  /** Lets the endpoint do its work, a task be created and count as paid, and then plays this. */
  default Behaviour afterAccepting() {
    return turn -> {
      turn.honest();
      play(turn);
    };
  }
}
