package io.klingdrop.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job id that the sender of a bundle was told, or will be, before the files are taken.
 *
 * @param keyHash of the sender's Idempotency-Key, null for none
 * @param content hash of all that was sent, so that one key means one content
 * @param name stem of the files in the inbox
 * @param at when it was made
 * @param revealed whether all files have had their names in the inbox
 */
public record Reservation(
    String jobId,
    @Nullable String keyHash,
    String content,
    String profile,
    String name,
    Instant at,
    boolean revealed,
    List<Held> files) {

  /**
   * One file.
   *
   * @param path where it is called by its name, absolute
   * @param part where it lies whole before that, absolute
   * @param sha256 of its bytes, hex
   */
  public record Held(String path, String part, long bytes, String sha256) {}

  public Reservation {
    files = List.copyOf(files);
  }
}
