package io.klingdrop.provider;

import io.klingdrop.job.Text;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is not a success.
 *
 * @param meaning what it asks of us
 * @param code the provider's own code as text, null if it gave none
 * @param message one line for a person, without secrets
 * @param httpStatus null if no HTTP answer arrived
 * @param retryAfter how long the provider asked us to wait, null if it did not
 */
public record Refusal(
    Meaning meaning,
    @Nullable String code,
    String message,
    @Nullable Integer httpStatus,
    @Nullable Duration retryAfter) {

  public Refusal {
    message = Text.oneLine(message, 500);
    code = code == null ? null : Text.oneLine(code, 60);
  }

  /** A refusal found on our side of the wire. */
  public static Refusal of(Meaning meaning, String message) {
    return new Refusal(meaning, null, message, null, null);
  }

  /** Code and message as one phrase. */
  public String said() {
    return code == null ? message : code + " " + message;
  }
}
