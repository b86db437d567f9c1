package io.klingdrop.submit;

import io.klingdrop.job.Backoff;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.CallbackRows.Address;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.GenuineCallback;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskEvidence;
import io.klingdrop.stage.StageContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callbacks lead to. A running job is due at once if its task is told to have ended, see
 * {@link CallbackRows#heard}; a job whose createTask answer was lost takes its task up again if the
 * provider confirms that it is the one. Thread-safe.
 */
public final class CallbackHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackHandler.class);

  private final StageContext context;
  private final CallbackRows rows;

  /** What the ledger did not take yet, by the address's hash. */
  private final Map<String, GenuineCallback> waiting = new ConcurrentHashMap<>();

  /** When a lost task that could not be looked for is looked for again, by the same. */
  private final Map<String, Later> later = new ConcurrentHashMap<>();

  private record Later(int tries, Instant at) {}

  CallbackHandler(StageContext context) {
    this.context = context;
    this.rows = new CallbackRows(context.database());
  }

  /**
   * Writes down what a callback said. One that the ledger refuses must not be thanked for: it may
   * name a lost task, and a restart forgets it. Who sent it may send it again; until then it is
   * offered to the ledger at every heartbeat.
   *
   * @return the state of its job; null if it could not be written down
   */
  public @Nullable JobState note(@Body GenuineCallback callback) {
    var address = callback.address();
    var said = callback.said();
    context.callbacks().heard(address, said.ended());
    try {
      var state = rows.heard(address, said.taskId(), said.ended(), context.clock().instant());
      waiting.remove(address.hash());
      return state;
    } catch (LedgerException e) {
      // the log is the task's note until then
      JobLog.about(
          address.jobId(),
          () ->
              LOG.warn(
                  "a callback of job {} about task '{}' waits for the ledger: {}",
                  address.jobId(),
                  said.taskId(),
                  e.getMessage()));
      waiting.merge(address.hash(), callback, CallbackHandler::more);
      return null;
    }
  }

  /**
   * An end beats news on the way, a named task beats none; the first one stays if it is as good.
   */
  private static GenuineCallback more(GenuineCallback before, GenuineCallback now) {
    var old = before.said();
    var told = now.said();
    return (told.ended() && !old.ended()) || (old.taskId().isEmpty() && !told.taskId().isEmpty())
        ? now
        : before;
  }

  /** The addresses whose callback named the task of a job whose createTask answer is lost. */
  public List<Address> lostButTold() {
    if (!context.callbacks().on()) {
      return List.of();
    }
    waiting.values().forEach(this::note);
    var lost = rows.lostButTold();
    later.keySet().retainAll(lost.stream().map(Address::hash).toList());
    return lost.stream().filter(this::isTime).toList();
  }

  private boolean isTime(Address address) {
    var next = later.get(address.hash());
    return next == null || !context.clock().instant().isBefore(next.at());
  }

  /** Looks whether that task is the lost one; what cannot be told yet is looked at again. */
  public void look(@Body Address address) {
    JobLog.about(
        address.jobId(),
        () -> {
          if (isSettled(address)) {
            later.remove(address.hash());
            rows.settled(address);
          } else {
            later.compute(address.hash(), (hash, before) -> after(before));
          }
        });
  }

  /** The first look again is at once, the others ever later. */
  private Later after(@Nullable Later before) {
    var now = context.clock().instant();
    return before == null
        ? new Later(1, now)
        : new Later(before.tries() + 1, now.plus(Backoff.after(before.tries())));
  }

  private boolean isSettled(Address address) {
    try {
      return settled(address, String.valueOf(address.taskId()));
    } catch (StaleJobException e) {
      // somebody else changed the job: seen anew at the next look
      return false;
    }
  }

  /** Whether nothing is left to do for the lost job. */
  private boolean settled(Address address, String taskId) {
    var job = context.queries().job(address.jobId()).orElse(null);
    if (job == null
        || taskId.isEmpty()
        || job.state() != JobState.SUBMIT_UNKNOWN
        || job.attempts() != address.attempt()) {
      return true;
    }
    if (!job.filed()) {
      return false;
    }
    var other = context.queries().following(job.provider(), taskId);
    if (other.isPresent()) {
      var id = other.get().id();
      LOG.warn("{}: a callback names task {}, which job {} follows", job.label(), taskId, id);
      return true;
    }
    var evidence =
        new TaskEvidence(
            ExternalId.of(job.id(), job.attempts()),
            address.madeAt(),
            url -> Callbacks.isAddress(address, url));
    var gateway = context.providers().account(job.provider()).gateway();
    var sighting = gateway.confirm(job.model(), taskId, evidence);
    if (sighting instanceof Sighting.Found found) {
      context.ledger().broughtHome(job, found.taskId(), address.madeAt());
      LOG.info("{}: a callback brought the lost task {} back", job.label(), found.taskId());
      return true;
    }
    if (sighting instanceof Sighting.NotThere notThere) {
      LOG.warn(
          "{}: a callback names task {}, which is not believed: {}",
          job.label(),
          taskId,
          notThere.said());
      return true;
    }
    return false;
  }
}
