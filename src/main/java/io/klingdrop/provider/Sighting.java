package io.klingdrop.provider;

/** What became of looking for a task by the id we gave it. */
public sealed interface Sighting {

  /** The provider has a task with our id; this is its own id, verbatim. */
  record Found(String taskId) implements Sighting {}

  /** The provider says that it knows no task of that id. Whether that is believed is ours. */
  record NotThere(String said) implements Sighting {}

  /** Nothing was learnt; look again later. */
  record NoWord(String reason) implements Sighting {}
}
