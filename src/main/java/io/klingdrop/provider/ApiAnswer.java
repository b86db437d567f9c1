package io.klingdrop.provider;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One answer of the wire, taken apart by its dialect and ready for {@link Verdicts}. */
public interface ApiAnswer {

  /** What came back, before it was read. */
  HttpAnswer http();

  /** The business code as text, null if the answer names none. */
  @Nullable String code();

  String message();

  /** Whether the call was done; what it should have brought may still be missing. */
  default boolean ok() {
    return http().status() / 100 == 2 && claimsSuccess();
  }

  /** Whether it speaks of success so clearly that a createTask may have made a task. */
  boolean claimsSuccess();

  /** Whether a field holds a value of its own. */
  static boolean isSet(JsonNode field) {
    return field.isValueNode() && !field.isNull();
  }

  /** The id of the task it is about, empty if it names none. */
  String taskId();
}
