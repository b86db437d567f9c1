package io.klingdrop.testing;

/** Who stands between Kling and the client, and says Kling's words in a form of its own. */
public enum Relay {
  /** Nobody: Kling's own envelope. */
  NONE,
  /** CometAPI: Kling's envelope for what goes well, {@code {"error":{…}}} for what does not. */
  COMET,
  /**
   * new-api of 2026: an OpenAI video object for a new task, under an id of its own; upper-case
   * states in {@code data}, the address in {@code result_url}, Kling's words in {@code data.data}.
   */
  NEW_API,
  /** new-api of 2025: the same with Kling's id, and the address in {@code fail_reason}. */
  OLD_NEW_API,
  /** new-api's short form: lower-case states, {@code url} and {@code error} in {@code data}. */
  SIMPLE,
  /** The short form without an envelope; a task ends in {@code completed}. */
  BARE;

  /** Whether the client learns Kling's id of its task. */
  boolean tellsKlingId() {
    return this == NONE || this == COMET || this == OLD_NEW_API;
  }

  /** Whether tasks can be asked for by the client's own id. */
  boolean knowsExternalIds() {
    return this == NONE || this == COMET;
  }
}
