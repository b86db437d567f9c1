package io.klingdrop.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One task the sandbox has accepted. Thread-safe. */
final class SandboxTask {
  private final String id;
  private final String model;
  private final ObjectNode input;
  private final SandboxScript script;
  private final long credits;
  private final Instant created;
  private @Nullable Path video;
  private boolean rendered;
  private boolean renewed;
  private int looks;

  SandboxTask(
      String id,
      String model,
      ObjectNode input,
      SandboxScript script,
      long credits,
      Instant created) {
    this.id = id;
    this.model = model;
    this.input = input;
    this.script = script;
    this.credits = credits;
    this.created = created;
  }

  String id() {
    return id;
  }

  String model() {
    return model;
  }

  ObjectNode input() {
    return input;
  }

  SandboxScript script() {
    return script;
  }

  long credits() {
    return credits;
  }

  Instant created() {
    return created;
  }

  /** When the task ends, at the earliest. */
  Instant ends() {
    return created.plus(script.render());
  }

  /** Counts a look at the record; answers how many there were before. */
  synchronized int look() {
    return looks++;
  }

  /** The video is made, or could not be made. */
  synchronized void rendered(@Nullable Path file) {
    video = file;
    rendered = true;
  }

  synchronized boolean isRendered() {
    return rendered;
  }

  synchronized @Nullable Path video() {
    return video;
  }

  /** A fresh address was asked for. */
  synchronized void renew() {
    renewed = true;
  }

  /** Whether the address given out first is refused. */
  synchronized boolean refusesDownload() {
    return script.expiredUrl() && !renewed;
  }
}
