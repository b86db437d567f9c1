package io.klingdrop.ledger;

import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import io.klingdrop.job.Text;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle becomes a job that may be paid for: it is entered, and it is checked, which is where
 * a content that was paid for already is found. Each method is one transaction. Thread-safe.
 */
public record NewJobs(Database database, InstantSource clock) {
  /** Enters a taken bundle; with a failure it is entered and failed in one transaction. */
  public Job claimed(Job job, List<String> sharedInputs, @Nullable Failure failure) {
    return database.transaction(
        tx -> {
          var now = clock.millis();
          tx.update(
              "insert into job (id, version, profile, sub_path, name, provider, model, state, home,"
                  + " created_at, due_at) values (?, 0, ?, ?, ?, ?, ?, 'CLAIMED', ?, ?, ?)",
              job.id(),
              job.profile(),
              job.subPath(),
              job.name(),
              job.provider(),
              job.model(),
              job.home(),
              job.times().created().toEpochMilli(),
              now);
          for (var file : job.files()) {
            tx.update(
                "insert into bundle_file (job_id, role, name, sha256, bytes, shared)"
                    + " values (?, ?, ?, ?, ?, ?)",
                job.id(),
                file.role().name(),
                file.name(),
                file.sha256(),
                file.bytes(),
                file.shared() ? 1 : 0);
          }
          for (var path : sharedInputs) {
            var sql =
                "insert into shared_input (path, at) values (?, ?)"
                    + " on conflict (path) do update set at = excluded.at";
            tx.update(sql, path, now);
          }
          transitions()
              .append(tx, job.id(), JobState.CLAIMED, "taken from the inbox as " + job.path());
          var entered = Transitions.read(tx, job.id());
          return failure == null ? entered : transitions().fail(tx, entered, failure);
        });
  }

  /**
   * The bundle was checked and may be paid for, or is a duplicate of one that may have been paid
   * for already. A content whose earlier job is known to have cost nothing passes to this job.
   *
   * @param request composed input as JSON
   * @param estimate credits expected, null if unknown
   * @param warnings what is odd about it though it may be sent; kept with a job that is ready
   */
  public Job checked(
      Job job,
      String request,
      String contentKey,
      @Nullable Long audioMillis,
      @Nullable Double estimate,
      List<String> warnings) {
    return database.transaction(
        tx -> {
          var holder = Contents.holder(tx, contentKey, job.id());
          var change =
              new Change()
                  .set("request", request)
                  .set("content_key", contentKey)
                  .set("audio_millis", audioMillis)
                  .set("estimate", estimate);
          if (!holder.equals(job.id())) {
            var first = Transitions.read(tx, holder);
            if (!costNothing(tx, first)) {
              return transitions()
                  .move(
                      tx,
                      job,
                      Move.SEEN_BEFORE,
                      change.set("duplicate_of", first.id()).toFile(clock.instant()),
                      "same content and request as job " + first.id() + "; nothing was sent");
            }
            tx.update("update content set job_id = ? where content_key = ?", job.id(), contentKey);
          }
          warn(tx, job, warnings);
          return transitions()
              .move(
                  tx,
                  job,
                  Move.CHECKED,
                  change.set("due_at", clock.instant()),
                  "checked; the request is ready");
        });
  }

  private void warn(Transaction tx, Job job, List<String> warnings) throws SQLException {
    tx.update("delete from warning where job_id = ?", job.id());
    for (int i = 0; i < warnings.size(); i++) {
      var said = Text.oneLine(warnings.get(i), 1000);
      tx.update("insert into warning (job_id, seq, said) values (?, ?, ?)", job.id(), i + 1, said);
      transitions().note(tx, job, "note: " + said);
    }
  }

  /** Whether a job has ended and each of its attempts is known to have cost nothing. */
  private static boolean costNothing(Transaction tx, Job job) throws SQLException {
    var failure = job.failure();
    return switch (job.state()) {
      case FAILED ->
          failure != null && failure.charged() == Charged.NO && Attempts.allFree(tx, job);
      case CANCELLED -> Attempts.allFree(tx, job);
      default -> false;
    };
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
