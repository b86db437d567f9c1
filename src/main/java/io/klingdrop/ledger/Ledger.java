package io.klingdrop.ledger;

import io.klingdrop.job.Backoff;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Text;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every change of a job's state. Each method is one transaction, goes only along legal transitions,
 * appends to the timeline and answers with the job as it stands afterwards. A job that was changed
 * by somebody else meanwhile is refused with {@link StaleJobException}. Thread-safe.
 */
public record Ledger(Database database, InstantSource clock) {
  /** How a note begins that tells of no trouble, though the step has not ended. */
  static final String ASKED_ANEW = "asked for fresh result addresses: ";

  /** More retries than anybody allows: asking again is free and must stay so. */
  private static final int BY_HAND = 1_000_000;

  /** The provider accepted the task. One that a callback has told of already is looked at now. */
  public Job accepted(Job job, String taskId, Instant firstPoll) {
    return database.transaction(
        tx -> {
          var now = clock.instant();
          var sql =
              "select 1 from callback where job_id = ? and attempt = ? and heard_at is not null";
          var told = tx.first(row -> 1, sql, job.id(), job.attempts()).isPresent();
          var change =
              new Change()
                  .calm()
                  .failure(null)
                  .set("task_id", taskId)
                  .set("polls", 0)
                  .set("submitted_at", now)
                  .set("due_at", told ? now : firstPoll);
          Attempts.runs(tx, job, taskId);
          return transitions().move(tx, job, Move.ACCEPTED, change, "accepted as task " + taskId);
        });
  }

  /**
   * The provider accepted the task, but somebody else has changed the job since it was sent. If the
   * job still waits for that answer, was taken for lost, or was to be sent anew and was not yet,
   * the task is followed; otherwise its attempt bears the task's id from now on, and the timeline
   * says that it was paid for.
   */
  public Job acceptedLate(Job job, String taskId) {
    return database.transaction(
        tx -> {
          var current = Transitions.read(tx, job.id());
          if (taskId.equals(current.taskId())) {
            return current;
          }
          var move = current.state() == JobState.SUBMITTING ? Move.ACCEPTED : Move.FOUND;
          if (move.mayBegin(current.state()) && current.attempts() == job.attempts()) {
            Attempts.runs(tx, current, taskId);
            var note = "its answer came late: task " + taskId;
            return transitions().move(tx, current, move, tookUp(taskId), note);
          }
          Attempts.late(tx, job, taskId, clock.instant());
          if (current.state() == JobState.READY && current.attempts() == job.attempts() - 1) {
            var change = new Change().set("attempts", job.attempts()).set("held", null);
            var sent = transitions().move(tx, current, Move.SUBMIT, change, "it had been sent");
            var note = "its answer came late: task " + taskId;
            return transitions().move(tx, sent, Move.ACCEPTED, tookUp(taskId), note);
          }
          var note = "the answer to attempt %d came late: task %s exists and is paid for";
          transitions().note(tx, current, note.formatted(job.attempts(), taskId));
          return current;
        });
  }

  private Job runs(Job job, Move move, @Nullable String taskId, Change change, String note) {
    return database.transaction(
        tx -> {
          Attempts.runs(tx, job, taskId);
          return transitions().move(tx, job, move, change, note);
        });
  }

  /**
   * The provider surely created nothing; the job waits for another turn.
   *
   * @param counts whether the refusal counts towards the give-up time (a closed lane does not)
   */
  public Job refused(Job job, String reason, Instant again, boolean counts) {
    var change = new Change().set("due_at", again);
    return neverHappened(
        job,
        Move.REFUSED,
        counts ? troubled(job, change) : change.calm(),
        "refused, nothing was created: " + reason);
  }

  private Job neverHappened(Job job, Move move, Change change, String note) {
    return database.transaction(
        tx -> {
          Attempts.undo(tx, job);
          return transitions()
              .move(tx, job, move, change.set("attempts", job.attempts() - 1), note);
        });
  }

  /**
   * No definite answer to createTask: it is never simply sent again by the program.
   *
   * @param lookup whether the task is looked for at the provider before the job is put away
   */
  public Job submitUnknown(Job job, String reason, boolean lookup) {
    var failure = Failure.of(FailureClass.SUBMIT_UNKNOWN, reason);
    return database.transaction(
        tx -> {
          var change = new Change().calm().failure(failure);
          if (lookup) {
            // how long nothing is found counts by the clock that all nodes share
            change.set("lookup", 1).set("filed", 1).set("trouble_since", tx.leaseNow(clock));
            change.set("due_at", clock.instant());
          } else {
            change.set("lookup", 0).toFile(clock.instant());
          }
          Attempts.failed(tx, job, failure, null, clock.instant());
          return transitions().move(tx, job, Move.LOST, change, "no definite answer: " + reason);
        });
  }

  /** The lost task was looked for without a final answer; it is looked for again. */
  public Job lookAgain(Job job, Instant again) {
    return change(job, new Change().set("tries", job.progress().tries() + 1).set("due_at", again));
  }

  /** The lost task was found by the id we gave it. */
  public Job found(Job job, String taskId) {
    return runs(
        job,
        Move.FOUND,
        taskId,
        tookUp(taskId).set("submitted_at", job.progress().troubleSince()),
        "found at the provider by our own id: task " + taskId);
  }

  /** The provider surely has no task of ours: the job may be paid for, as if never sent. */
  public Job neverCreated(Job job, String reason) {
    return neverHappened(
        job,
        Move.NEVER_CREATED,
        new Change().calm().failure(null).set("lookup", 0).set("due_at", clock.instant()),
        reason);
  }

  /** The lost task was looked for long enough: the job waits for a person. */
  public Job staysUnknown(Job job, String reason) {
    return noted(job, reason, new Change().calm().set("lookup", 0).toFile(clock.instant()));
  }

  /** A person asked to look for the lost task once more. */
  public Job lookup(Job job) {
    return noted(
        job,
        "a person asked to look for the task",
        new Change()
            .set("lookup", 1)
            .set("tries", 0)
            .set("trouble_since", clock.instant())
            .set("due_at", clock.instant()));
  }

  /** The task goes on; {@code word} is what the provider called its state, null for no word. */
  public Job running(Job job, @Nullable String word, Instant next) {
    return database.transaction(
        tx -> {
          var change =
              new Change().calm().set("polls", job.progress().polls() + 1).set("due_at", next);
          if (word != null) {
            change.set("looked_at", clock.instant());
          }
          if (word != null && !word.equals(job.progress().word())) {
            transitions().note(tx, job, "the provider says: " + word);
            change.set("provider_word", Text.oneLine(word, 100));
          }
          return transitions().change(tx, job, change);
        });
  }

  public Job generated(Job job, List<String> urls, @Nullable Double credits) {
    return database.transaction(
        tx -> {
          offer(tx, job.id(), urls);
          Attempts.made(tx, job, credits, clock.instant());
          return transitions()
              .move(
                  tx,
                  job,
                  Move.MADE,
                  new Change()
                      .calm()
                      .failure(null)
                      .set("polls", job.progress().polls() + 1)
                      .set("credits", credits)
                      .set("generated_at", clock.instant())
                      .set("due_at", clock.instant()),
                  "generated: " + urls.size() + (urls.size() == 1 ? " result" : " results"));
        });
  }

  /** The record was read again and offers these addresses now; the job stays with its worker. */
  public Job offered(Job job, List<String> urls) {
    return database.transaction(
        tx -> {
          offer(tx, job.id(), urls);
          transitions().note(tx, job, ASKED_ANEW + urls.size());
          return transitions().change(tx, job, new Change().inHand());
        });
  }

  private static void offer(Transaction tx, String id, List<String> urls) throws SQLException {
    tx.update("delete from result_file where job_id = ?", id);
    for (int i = 0; i < urls.size(); i++) {
      var sql = "insert into result_file (job_id, number, url, bytes) values (?, ?, ?, 0)";
      tx.update(sql, id, i + 1, urls.get(i));
    }
  }

  /** All results are in the work folder, checked and synced. */
  public Job fetched(Job job, List<ResultFile> results) {
    return database.transaction(
        tx -> {
          for (var result : results) {
            tx.update(
                "update result_file set file = ?, sha256 = ?, bytes = ?, extension = ?,"
                    + " duration_millis = ? where job_id = ? and number = ?",
                result.file(),
                result.sha256(),
                result.bytes(),
                result.extension(),
                result.durationMillis(),
                job.id(),
                result.number());
          }
          return transitions()
              .move(
                  tx,
                  job,
                  Move.FETCH,
                  new Change().calm().set("due_at", clock.instant()),
                  "fetched and checked: "
                      + results.size()
                      + (results.size() == 1 ? " file" : " files"));
        });
  }

  /** Every target has a receipt. */
  public Job delivered(Job job) {
    return database.transaction(tx -> transitions().delivered(tx, job));
  }

  public Job failed(Job job, Failure failure) {
    return database.transaction(tx -> transitions().fail(tx, job, failure));
  }

  /**
   * The task ended in failure, by the provider's own word. Where paying once more is allowed the
   * job is ready for its next attempt in the same transaction.
   *
   * @param credits what the provider says it took, null if it did not say
   * @param retries how often the program may pay again for this job by itself, 0 for never
   * @return FAILED, or READY and due after a pause
   */
  public Job ended(Job job, Failure failure, @Nullable Double credits, int retries) {
    return database.transaction(
        tx -> {
          Attempts.failed(tx, job, failure, credits, clock.instant());
          var sql = "select retries from job where id = ?";
          var used = tx.query(row -> row.getInt(1), sql, job.id()).get(0);
          var failed = transitions().fail(tx, job, Move.NOT_MADE, failure, credits);
          return used < retries ? again(tx, failed, used, retries, job.filed()) : failed;
        });
  }

  private Job again(Transaction tx, Job failed, int used, int retries, boolean filed)
      throws SQLException {
    OutcomeWriter.forget(tx, failed.id());
    return transitions()
        .move(
            tx,
            failed,
            Move.RETRY,
            new Change()
                .calm()
                .failure(null)
                .set("task_id", null)
                .set("provider_word", null)
                .set("retries", used + 1)
                .set("filed", filed ? 1 : 0)
                .set("due_at", clock.instant().plus(Backoff.after(used))),
            "nothing was charged; retry %d of %d".formatted(used + 1, retries));
  }

  public Job cancelled(Job job, String note) {
    return database.transaction(
        tx -> {
          if (job.state() == JobState.RUNNING) {
            Attempts.left(tx, job, clock.instant());
          }
          return transitions()
              .move(tx, job, Move.CANCEL, new Change().toFile(clock.instant()), note);
        });
  }

  /** No job under way is paid for again by the program itself; a person still may. */
  public void allowNoRetry() {
    database.update(
        "update job set retries = ? where state in"
            + " ('CLAIMED','READY','SUBMITTING','SUBMIT_UNKNOWN','RUNNING')",
        BY_HAND);
  }

  /**
   * A person has it paid for again: ready and due at once, its failure forgotten.
   *
   * @throws StaleJobException also if another job of the same content may be paid for by now
   */
  public Job resubmitted(Job job, String note) {
    return database.transaction(
        tx -> {
          var key = job.content().key();
          if (key != null && !Contents.holder(tx, key, job.id()).equals(job.id())) {
            throw new StaleJobException(job, Move.RESUBMIT.to());
          }
          var change = takenUp().set("retries", 0).set("task_id", null);
          return transitions().move(tx, job, Move.RESUBMIT, change, note);
        });
  }

  /** A person has its task looked at again, now; that never leads to another payment. */
  public Job rechecked(Job job, String note) {
    return runs(job, Move.RECHECK, job.taskId(), takenUp().set("retries", BY_HAND), note);
  }

  /** A person has its result fetched again, now. */
  public Job refetched(Job job, String note) {
    return move(job, Move.REFETCH, takenUp(), note);
  }

  /** A person has the result that is here delivered again, now. */
  public Job redelivered(Job job, String note) {
    return move(job, Move.REDELIVER, takenUp(), note);
  }

  private Change takenUp() {
    return new Change().calm().failure(null).set("due_at", clock.instant()).set("filed", 1);
  }

  /** A person brought the task id of a job whose answer was lost. */
  public Job attached(Job job, String taskId) {
    return runs(job, Move.FOUND, taskId, tookUp(taskId), "a person attached task " + taskId);
  }

  /**
   * A callback brought the task id of a job whose answer was lost, and the provider confirmed it.
   */
  public Job broughtHome(Job job, String taskId, Instant submitted) {
    return runs(
        job,
        Move.FOUND,
        taskId,
        tookUp(taskId).set("submitted_at", submitted),
        "a callback named its task, and the provider confirms it: task " + taskId);
  }

  private Change tookUp(String taskId) {
    return takenUp().set("lookup", 0).set("task_id", taskId).set("submitted_at", clock.instant());
  }

  /** The present free step did not work; it is tried again at {@code again}. */
  public Job tryAgain(Job job, String reason, Instant again) {
    return noted(job, reason, troubled(job, new Change().set("due_at", again)));
  }

  private Change troubled(Job job, Change change) {
    var since =
        job.progress().troubleSince() == null ? clock.instant() : job.progress().troubleSince();
    return change.set("trouble_since", since).set("tries", job.progress().tries() + 1);
  }

  /** The bundle's files have reached the folder they stay in; null: they are no longer ours. */
  public Job filed(Job job, @Nullable String home) {
    return change(job, new Change().set("filed", 1).set("home", home));
  }

  private Job move(Job job, Move move, Change change, String note) {
    return database.transaction(tx -> transitions().move(tx, job, move, change, note));
  }

  private Job change(Job job, Change change) {
    return database.transaction(tx -> transitions().change(tx, job, change));
  }

  /** The job stays in its state, with a line in its timeline. */
  private Job noted(Job job, String note, Change change) {
    return database.transaction(
        tx -> {
          transitions().note(tx, job, note);
          return transitions().change(tx, job, change);
        });
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
