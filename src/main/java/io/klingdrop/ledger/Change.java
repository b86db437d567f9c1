package io.klingdrop.ledger;

import io.klingdrop.job.Failure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns one move sets beside the state. Not thread-safe; made for one move. */
final class Change {
  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();
  private boolean outcome;
  private boolean inHand;

  Change set(String column, @Nullable Object value) {
    columns.put(column, value instanceof Instant at ? Long.valueOf(at.toEpochMilli()) : value);
    return this;
  }

  /** The free step went well: its count of troubles starts anew. */
  Change calm() {
    return set("trouble_since", null).set("tries", 0);
  }

  /** The job has ended: its files wait to be put away from {@code now} on, and others are told. */
  Change toFile(Instant now) {
    outcome = true;
    return set("filed", 0).set("due_at", now);
  }

  /** The worker that claimed the job goes on with it: its lease stays. */
  Change inHand() {
    inHand = true;
    return this;
  }

  boolean isInHand() {
    return inHand;
  }

  boolean isOutcome() {
    return outcome;
  }

  /** Whether the files have reached their folder, or the job goes on. */
  boolean isFiled() {
    return Integer.valueOf(1).equals(columns.get("filed"));
  }

  Change failure(@Nullable Failure failure) {
    set("fail_class", failure == null ? null : failure.failureClass().name());
    set("fail_code", failure == null ? null : failure.code());
    set("fail_message", failure == null ? null : failure.message());
    set("http_status", failure == null ? null : failure.httpStatus());
    return set("charged", failure == null ? null : failure.charged().name());
  }

  Map<String, @Nullable Object> columns() {
    return columns;
  }
}
