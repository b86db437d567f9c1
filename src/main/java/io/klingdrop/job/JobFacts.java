package io.klingdrop.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job and what the ledger keeps beside it, read at one moment. Immutable.
 *
 * @param job as it was read
 * @param held why it waits for money, null if it does not
 * @param attempts what was submitted for it, oldest first; empty if nothing was
 * @param receipts where its results are, by target and number
 * @param warnings what is odd about it though it was sent, in the order found
 */
public record JobFacts(
    Job job,
    @Nullable String held,
    List<Attempt> attempts,
    List<Receipt> receipts,
    List<String> warnings) {

  public JobFacts {
    attempts = List.copyOf(attempts);
    receipts = List.copyOf(receipts);
    warnings = List.copyOf(warnings);
  }

  /** Whether all that was submitted for the job cost money, as far as anybody can know. */
  public Charged chargedByAttempts() {
    if (attempts.stream().anyMatch(attempt -> attempt.charged() == Charged.YES)) {
      return Charged.YES;
    }
    var free = attempts.stream().filter(attempt -> attempt.charged() == Charged.NO).count();
    return free == job.attempts() ? Charged.NO : Charged.UNKNOWN;
  }

  /**
   * Whether the job has cost money. A failure says it itself; a video that was made is paid, unless
   * the provider says that it took nothing; an accepted task that a person stopped here is paid for
   * at the provider.
   */
  public Charged charged() {
    var failure = job.failure();
    return switch (job.state()) {
      case CLAIMED, READY, SUBMITTING, RUNNING, DUPLICATE -> chargedByAttempts();
      case GENERATED, FETCHED, DELIVERED ->
          !attempts.isEmpty() && chargedByAttempts() == Charged.NO ? Charged.NO : Charged.YES;
      case CANCELLED -> {
        if (failure != null) {
          yield failure.charged();
        }
        yield job.taskId() != null ? Charged.YES : chargedByAttempts();
      }
      case FAILED, SUBMIT_UNKNOWN -> failure == null ? Charged.UNKNOWN : failure.charged();
    };
  }
}
