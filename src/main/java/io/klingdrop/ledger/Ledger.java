package io.klingdrop.ledger;

import io.klingdrop.job.Backoff;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every change of a job's state. Each method is one transaction, goes only along legal transitions,
 * appends to the timeline and answers with the job as it stands afterwards. A job that was changed
 * by somebody else meanwhile is refused with {@link StaleJobException}. Thread-safe.
 */
public final class Ledger {
  /** How a note begins that tells of no trouble, though the step has not ended. */
  static final String ASKED_ANEW = "asked for fresh result addresses: ";

  /** More retries than anybody allows: asking again is free and must stay so. */
  private static final int BY_HAND = 1_000_000;

  private final Database database;
  private final InstantSource clock;

  /** A ledger over an open database. */
  public Ledger(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

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
              job.createdAt().toEpochMilli(),
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
            tx.update(
                "insert into shared_input (path, at) values (?, ?)"
                    + " on conflict (path) do update set at = excluded.at",
                path,
                now);
          }
          append(tx, job.id(), JobState.CLAIMED, "taken from the inbox as " + job.path());
          var entered = read(tx, job.id());
          return failure == null ? entered : fail(tx, entered, failure);
        });
  }

  /** A bundle about which nothing is odd was checked. */
  public Job checked(
      Job job,
      String request,
      String contentKey,
      @Nullable Long audioMillis,
      @Nullable Double estimate) {
    return checked(job, request, contentKey, audioMillis, estimate, List.of());
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
          var taken =
              tx.update(
                  "insert into content (content_key, job_id) values (?, ?)"
                      + " on conflict (content_key) do nothing",
                  contentKey,
                  job.id());
          var change =
              new Change()
                  .set("request", request)
                  .set("content_key", contentKey)
                  .set("audio_millis", audioMillis)
                  .set("estimate", estimate);
          if (taken == 0) {
            var first = first(tx, contentKey);
            if (!first.id().equals(job.id()) && !costNothing(tx, first)) {
              return move(
                  tx,
                  job,
                  JobState.DUPLICATE,
                  change.set("duplicate_of", first.id()).toFile(clock.instant()),
                  "same content and request as job " + first.id() + "; nothing was sent");
            }
            tx.update("update content set job_id = ? where content_key = ?", job.id(), contentKey);
          }
          warn(tx, job, warnings);
          return move(
              tx,
              job,
              JobState.READY,
              change.set("due_at", clock.instant()),
              "checked; the request is ready");
        });
  }

  private void warn(Transaction tx, Job job, List<String> warnings) throws SQLException {
    tx.update("delete from warning where job_id = ?", job.id());
    for (int i = 0; i < warnings.size(); i++) {
      var said = Text.oneLine(warnings.get(i), 1000);
      tx.update("insert into warning (job_id, seq, said) values (?, ?, ?)", job.id(), i + 1, said);
      append(tx, job.id(), job.state(), "note: " + said);
    }
  }

  private static Job first(Transaction tx, String contentKey) throws SQLException {
    var id =
        tx.query(
                row -> row.getString(1),
                "select job_id from content where content_key = ?",
                contentKey)
            .get(0);
    return read(tx, id);
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

  /** About to call createTask. On disk before the socket opens. */
  public Job submitting(Job job) {
    return submitting(job, Caps.NONE);
  }

  /**
   * About to call createTask, if the money of the day reaches: what the job is expected to cost is
   * set aside in the same transaction, so that workers and processes cannot spend it twice.
   *
   * @return SUBMITTING, or still READY and due when there is money again
   */
  public Job submitting(Job job, Caps caps) {
    return database.transaction(
        tx -> {
          if (!caps.concern(job.profile())) {
            return submit(tx, job);
          }
          tx.update("update purse set turn = turn + 1 where id = 1");
          var spending = spending(tx, caps);
          var objection = spending.objection(job.profile(), job.estimate());
          if (objection.isEmpty()) {
            return submit(tx, job);
          }
          if (!held(tx, job, objection.get(), spending.refilled())) {
            throw new StaleJobException(job, JobState.SUBMITTING);
          }
          return read(tx, job.id());
        });
  }

  private DailySpending spending(Transaction tx, Caps caps) throws SQLException {
    var now = clock.instant();
    return new DailySpending(caps, Attempts.spent(tx, DailySpending.day(now)), now);
  }

  /** The same less what claimed jobs, these left out, are about to take. */
  private DailySpending spendingAhead(Transaction tx, Caps caps, List<Job> except)
      throws SQLException {
    var spending = spending(tx, caps);
    tx
        .query(
            Waiting::new,
            "select id, profile, estimate from job where state = 'READY' and lease_until > ?",
            clock.millis())
        .stream()
        .filter(job -> except.stream().noneMatch(claimed -> claimed.id().equals(job.id())))
        .forEach(job -> spending.take(job.profile(), job.estimate()));
    return spending;
  }

  /** As much of a ready job as a purse asks for. */
  private record Waiting(String id, String profile, @Nullable Double estimate) {
    Waiting(ResultSet row) throws SQLException {
      this(row.getString("id"), row.getString("profile"), Rows.amount(row, "estimate"));
    }
  }

  /** Lets a ready job wait for money; answers whether it stood as it was read. */
  private boolean held(Transaction tx, Job job, String reason, Instant until) throws SQLException {
    var before =
        tx.first(
            row -> String.valueOf(row.getString(1)),
            "select coalesce(held, '') from job where id = ?",
            job.id());
    var waits =
        tx.update(
                "update job set version = version + 1, held = ?, due_at = ?, lease_owner = null,"
                    + " lease_until = null where id = ? and state = 'READY' and version = ?",
                reason,
                until.toEpochMilli(),
                job.id(),
                job.version())
            == 1;
    if (waits && before.filter(String::isEmpty).isPresent()) {
      append(tx, job.id(), JobState.READY, reason);
    }
    return waits;
  }

  /**
   * Looks whether the money of the day reaches for claimed jobs before work is put into them. Sets
   * nothing aside.
   *
   * @return those for which it does; the others wait for money from now on
   */
  public List<Job> affordable(List<Job> jobs, Caps caps) {
    if (caps.none() || jobs.isEmpty()) {
      return jobs;
    }
    return database.transaction(
        tx -> {
          var spending = spendingAhead(tx, caps, jobs);
          var affordable = new ArrayList<Job>();
          for (var job : jobs) {
            var objection = spending.objection(job.profile(), job.estimate());
            if (objection.isEmpty()) {
              spending.take(job.profile(), job.estimate());
              affordable.add(job);
            } else {
              held(tx, job, objection.get(), spending.refilled());
            }
          }
          return affordable;
        });
  }

  /** Makes jobs that wait for money due, the oldest first, as far as the caps leave some. */
  public void wakeHeld(Caps caps) {
    database.transaction(
        tx -> {
          var now = clock.millis();
          var waiting =
              tx.query(
                  Waiting::new,
                  "select id, profile, estimate from job where held is not null and state = 'READY'"
                      + " and (lease_until is null or lease_until <= ?) order by created_at, id",
                  now);
          if (waiting.isEmpty()) {
            return 0;
          }
          var spending = spendingAhead(tx, caps, List.of());
          for (var job : waiting) {
            if (spending.objection(job.profile(), job.estimate()).isEmpty()) {
              spending.take(job.profile(), job.estimate());
              tx.update(
                  "update job set held = null, due_at = ? where id = ? and state = 'READY'",
                  now,
                  job.id());
            }
          }
          return waiting.size();
        });
  }

  private Job submit(Transaction tx, Job job) throws SQLException {
    var number = job.attempts() + 1;
    var submitting =
        move(
            tx,
            job,
            JobState.SUBMITTING,
            new Change().set("attempts", number).set("held", null),
            "createTask is being called, attempt " + number);
    Attempts.begin(tx, job, number, clock.instant());
    return submitting;
  }

  /** The provider accepted the task. One that a callback has told of already is looked at now. */
  public Job accepted(Job job, String taskId, Instant firstPoll) {
    return database.transaction(
        tx -> {
          var now = clock.instant();
          var told =
              tx.first(
                      row -> row.getInt(1),
                      "select 1 from callback where job_id = ? and attempt = ?"
                          + " and heard_at is not null",
                      job.id(),
                      job.attempts())
                  .isPresent();
          var change =
              new Change()
                  .calm()
                  .failure(null)
                  .set("task_id", taskId)
                  .set("polls", 0)
                  .set("submitted_at", now)
                  .set("due_at", told ? now : firstPoll);
          Attempts.runs(tx, job, taskId);
          return move(tx, job, JobState.RUNNING, change, "accepted as task " + taskId);
        });
  }

  private Job runs(Job job, @Nullable String taskId, Change change, String note) {
    return database.transaction(
        tx -> {
          Attempts.runs(tx, job, taskId);
          return move(tx, job, JobState.RUNNING, change, note);
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
        counts ? troubled(job, change) : change.calm(),
        "refused, nothing was created: " + reason);
  }

  private Job neverHappened(Job job, Change change, String note) {
    return database.transaction(
        tx -> {
          Attempts.undo(tx, job);
          return move(tx, job, JobState.READY, change.set("attempts", job.attempts() - 1), note);
        });
  }

  /**
   * No definite answer to createTask: it is never simply sent again by the program.
   *
   * @param lookup whether the task is looked for at the provider before the job is put away
   */
  public Job submitUnknown(Job job, String reason, boolean lookup) {
    var failure = Failure.of(FailureClass.SUBMIT_UNKNOWN, reason);
    var change = new Change().calm().failure(failure);
    if (lookup) {
      change.set("lookup", 1).set("filed", 1).set("trouble_since", clock.instant());
      change.set("due_at", clock.instant());
    } else {
      change.set("lookup", 0).toFile(clock.instant());
    }
    return database.transaction(
        tx -> {
          Attempts.failed(tx, job, failure, null, clock.instant());
          return move(tx, job, JobState.SUBMIT_UNKNOWN, change, "no definite answer: " + reason);
        });
  }

  /** The lost task was looked for without a final answer; it is looked for again. */
  public Job lookAgain(Job job, Instant again) {
    return database.transaction(
        tx ->
            update(
                tx,
                job,
                job.state(),
                new Change().set("tries", job.tries() + 1).set("due_at", again)));
  }

  /** The lost task was found by the id we gave it. */
  public Job found(Job job, String taskId) {
    return runs(
        job,
        taskId,
        tookUp(taskId).set("submitted_at", job.troubleSince()),
        "found at the provider by our own id: task " + taskId);
  }

  /** The provider surely has no task of ours: the job may be paid for, as if never sent. */
  public Job neverCreated(Job job, String reason) {
    return neverHappened(
        job,
        new Change().calm().failure(null).set("lookup", 0).set("due_at", clock.instant()),
        reason);
  }

  /** The lost task was looked for long enough: the job waits for a person. */
  public Job staysUnknown(Job job, String reason) {
    return database.transaction(
        tx -> {
          append(tx, job.id(), job.state(), reason);
          return update(
              tx, job, job.state(), new Change().calm().set("lookup", 0).toFile(clock.instant()));
        });
  }

  /** A person asked to look for the lost task once more. */
  public Job lookup(Job job) {
    return database.transaction(
        tx -> {
          append(tx, job.id(), job.state(), "a person asked to look for the task");
          return update(
              tx,
              job,
              job.state(),
              new Change()
                  .set("lookup", 1)
                  .set("tries", 0)
                  .set("trouble_since", clock.instant())
                  .set("due_at", clock.instant()));
        });
  }

  /** The task goes on; {@code word} is what the provider called its state, null for no word. */
  public Job running(Job job, @Nullable String word, Instant next) {
    return database.transaction(
        tx -> {
          var change = new Change().calm().set("polls", job.polls() + 1).set("due_at", next);
          if (word != null) {
            change.set("looked_at", clock.instant());
          }
          if (word != null && !word.equals(job.providerWord())) {
            append(tx, job.id(), job.state(), "the provider says: " + word);
            change.set("provider_word", Text.oneLine(word, 100));
          }
          return update(tx, job, job.state(), change);
        });
  }

  /** The provider finished the task. */
  public Job generated(Job job, List<String> urls, @Nullable Double credits) {
    return database.transaction(
        tx -> {
          offer(tx, job.id(), urls);
          Attempts.made(tx, job, credits, clock.instant());
          return move(
              tx,
              job,
              JobState.GENERATED,
              new Change()
                  .calm()
                  .failure(null)
                  .set("polls", job.polls() + 1)
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
          append(tx, job.id(), job.state(), ASKED_ANEW + urls.size());
          return update(tx, job, job.state(), new Change().inHand());
        });
  }

  private static void offer(Transaction tx, String id, List<String> urls) throws SQLException {
    tx.update("delete from result_file where job_id = ?", id);
    for (int i = 0; i < urls.size(); i++) {
      tx.update(
          "insert into result_file (job_id, number, url, bytes) values (?, ?, ?, 0)",
          id,
          i + 1,
          urls.get(i));
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
          return move(
              tx,
              job,
              JobState.FETCHED,
              new Change().calm().set("due_at", clock.instant()),
              "fetched and checked: "
                  + results.size()
                  + (results.size() == 1 ? " file" : " files"));
        });
  }

  /** Every target has a receipt. */
  public Job delivered(Job job) {
    return database.transaction(tx -> delivered(tx, job));
  }

  Job delivered(Transaction tx, Job job) throws SQLException {
    return move(
        tx,
        job,
        JobState.DELIVERED,
        new Change()
            .calm()
            .failure(null)
            .set("delivered_at", clock.instant())
            .toFile(clock.instant()),
        "delivered");
  }

  /** The job failed for good. */
  public Job failed(Job job, Failure failure) {
    return database.transaction(tx -> fail(tx, job, failure));
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
          var used =
              tx.query(row -> row.getInt(1), "select retries from job where id = ?", job.id())
                  .get(0);
          var failed = fail(tx, job, failure, credits);
          return used < retries ? again(tx, failed, used, retries, job.filed()) : failed;
        });
  }

  private Job again(Transaction tx, Job failed, int used, int retries, boolean filed)
      throws SQLException {
    Outcomes.forget(tx, failed.id());
    return move(
        tx,
        failed,
        JobState.READY,
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

  Job fail(Transaction tx, Job job, Failure failure) throws SQLException {
    switch (job.state()) {
      case SUBMITTING -> Attempts.failed(tx, job, failure, 0.0, clock.instant());
      case RUNNING -> Attempts.failed(tx, job, failure, null, clock.instant());
      default -> {
        // no attempt is open
      }
    }
    return fail(tx, job, failure, job.credits());
  }

  private Job fail(Transaction tx, Job job, Failure failure, @Nullable Double credits)
      throws SQLException {
    return move(
        tx,
        job,
        JobState.FAILED,
        new Change().failure(failure).set("credits", credits).toFile(clock.instant()),
        failure.failureClass().channel() + ": " + failure.message());
  }

  /** A person stopped the job. */
  public Job cancelled(Job job, String note) {
    return database.transaction(
        tx -> {
          if (job.state() == JobState.RUNNING) {
            Attempts.left(tx, job, clock.instant());
          }
          return move(tx, job, JobState.CANCELLED, new Change().toFile(clock.instant()), note);
        });
  }

  /** No job under way is paid for again by the program itself; a person still may. */
  public void allowNoRetry() {
    database.transaction(
        tx ->
            tx.update(
                "update job set retries = ? where state in"
                    + " ('CLAIMED','READY','SUBMITTING','SUBMIT_UNKNOWN','RUNNING')",
                BY_HAND));
  }

  /** A redrive: the job goes back to {@code state}, due at once, its failure forgotten. */
  public Job redriven(Job job, JobState state, String note) {
    var change = new Change().calm().failure(null).set("due_at", clock.instant()).set("filed", 1);
    if (state == JobState.READY) {
      return moved(job, state, change.set("retries", 0).set("task_id", null), note);
    }
    return state == JobState.RUNNING
        ? runs(job, job.taskId(), change.set("retries", BY_HAND), note)
        : moved(job, state, change, note);
  }

  /** A person brought the task id of a job whose answer was lost. */
  public Job attached(Job job, String taskId) {
    return runs(job, taskId, tookUp(taskId), "a person attached task " + taskId);
  }

  /**
   * A callback brought the task id of a job whose answer was lost, and the provider confirmed it.
   */
  public Job broughtHome(Job job, String taskId, Instant submitted) {
    return runs(
        job,
        taskId,
        tookUp(taskId).set("submitted_at", submitted),
        "a callback named its task, and the provider confirms it: task " + taskId);
  }

  private Change tookUp(String taskId) {
    return new Change()
        .calm()
        .failure(null)
        .set("lookup", 0)
        .set("task_id", taskId)
        .set("submitted_at", clock.instant())
        .set("due_at", clock.instant())
        .set("filed", 1);
  }

  /** The present free step did not work; it is tried again at {@code again}. */
  public Job tryAgain(Job job, String reason, Instant again) {
    return database.transaction(
        tx -> {
          append(tx, job.id(), job.state(), reason);
          return update(tx, job, job.state(), troubled(job, new Change().set("due_at", again)));
        });
  }

  private Change troubled(Job job, Change change) {
    var since = job.troubleSince() == null ? clock.instant() : job.troubleSince();
    return change.set("trouble_since", since).set("tries", job.tries() + 1);
  }

  /** The bundle's files have reached the folder they stay in; null: they are no longer ours. */
  public Job filed(Job job, @Nullable String home) {
    return database.transaction(
        tx -> update(tx, job, job.state(), new Change().set("filed", 1).set("home", home)));
  }

  /**
   * Claims due jobs for {@code owner}: the profiles take turns, the oldest of each first. A claimed
   * job is nobody else's until its lease ends or its state is changed.
   */
  public List<Job> claimDue(Due due, String owner, Duration lease) {
    if (due.limit() <= 0) {
      return List.of();
    }
    var now = clock.millis();
    var where = new StringBuilder("state in (" + marks(due.states().size()) + ")");
    List<@Nullable Object> args = new ArrayList<>(List.of(owner, now + lease.toMillis()));
    due.states().stream().map(JobState::name).sorted().forEach(args::add);
    where.append(" and due_at <= ? and (lease_until is null or lease_until < ?)");
    args.addAll(List.of(now, now));
    if (!due.provider().isEmpty()) {
      where.append(" and provider = ?");
      args.add(due.provider());
    }
    if (!due.models().isEmpty()) {
      where.append(due.except() ? " and model not in (" : " and model in (");
      where.append(marks(due.models().size())).append(')');
      args.addAll(due.models());
    }
    // said again beside the lock: a row that another worker took since the ranking was read is seen
    // anew there, and only there, by PostgreSQL
    var ranking = List.copyOf(args.subList(2, args.size()));
    args.add(due.limit());
    args.addAll(ranking);
    return database.transaction(
        tx -> {
          var sql =
              "update job set lease_owner = ?, lease_until = ? where id in (select id from job"
                  + " where id in (select id from (select id, due_at, row_number() over (partition"
                  + " by profile order by due_at, id) as turn from job where "
                  + where
                  + ") as due order by turn, due_at limit ?) and "
                  + where
                  + tx.skipLocked()
                  + ") returning id";
          var jobs = new ArrayList<Job>();
          for (var id : tx.query(row -> row.getString(1), sql, args.toArray())) {
            jobs.add(read(tx, id));
          }
          jobs.sort(Comparator.comparing(Job::dueAt).thenComparing(Job::id));
          return jobs;
        });
  }

  private static String marks(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }

  /** Claims ended jobs in these states whose files still wait to be put away. */
  public List<Job> claimUnfiled(Set<JobState> states, int limit, String owner, Duration lease) {
    var now = clock.millis();
    List<@Nullable Object> args = new ArrayList<>(List.of(owner, now + lease.toMillis()));
    states.stream().map(JobState::name).sorted().forEach(args::add);
    args.addAll(List.of(now, now, limit));
    return claim("filed = 0 and state in (" + marks(states.size()) + ") and due_at <= ?", args);
  }

  private List<Job> claim(String where, List<?> args) {
    return database.transaction(
        tx -> {
          var sql =
              "update job set lease_owner = ?, lease_until = ? where id in (select id from job"
                  + " where "
                  + where
                  + " and (lease_until is null or lease_until < ?) order by due_at, id limit ?"
                  + tx.skipLocked()
                  + ") returning id";
          var jobs = new ArrayList<Job>();
          for (var id : tx.query(row -> row.getString(1), sql, args.toArray())) {
            jobs.add(read(tx, id));
          }
          return jobs;
        });
  }

  /** Claims jobs of that account whose lost task is to be looked for now. */
  public List<Job> claimLookups(String provider, int limit, String owner, Duration lease) {
    var now = clock.millis();
    return claim(
        "state = 'SUBMIT_UNKNOWN' and lookup = 1 and provider = ? and due_at <= ?",
        List.of(owner, now + lease.toMillis(), provider, now, now, limit));
  }

  /** The job as it stands now. */
  public Job refreshed(Job job) {
    return database.transaction(tx -> read(tx, job.id()));
  }

  /** Gives a claimed job back untouched, due again at {@code again}. */
  public Job released(Job job, Instant again) {
    return database.transaction(
        tx -> update(tx, job, job.state(), new Change().set("due_at", again)));
  }

  /** Forgets all leases of {@code owner}: called at start, when no worker of it can be alive. */
  public void releaseAll(String owner) {
    database.transaction(
        tx -> {
          for (var table : List.of("job", "shipment")) {
            tx.update(
                "update "
                    + table
                    + " set lease_owner = null, lease_until = null where lease_owner = ?",
                owner);
          }
          return owner;
        });
  }

  private Job moved(Job job, JobState next, Change change, String note) {
    return database.transaction(tx -> move(tx, job, next, change, note));
  }

  private Job move(Transaction tx, Job job, JobState next, Change change, String note)
      throws SQLException {
    if (!job.state().mayBecome(next)) {
      throw new LedgerException(
          "job %s is %s and cannot become %s".formatted(job.id(), job.state(), next));
    }
    var after = update(tx, job, next, change);
    append(tx, job.id(), next, note);
    return after;
  }

  Job update(Transaction tx, Job job, JobState next, Change change) throws SQLException {
    var sql = new StringBuilder("update job set version = version + 1, state = ?");
    if (!change.isInHand()) {
      sql.append(", lease_owner = null, lease_until = null");
    }
    List<@Nullable Object> args = new ArrayList<>();
    args.add(next.name());
    change
        .columns()
        .forEach(
            (column, value) -> {
              sql.append(", ").append(column).append(" = ?");
              args.add(value);
            });
    sql.append(" where id = ? and state = ? and version = ?");
    args.add(job.id());
    args.add(job.state().name());
    args.add(job.version());
    if (tx.update(sql.toString(), args.toArray()) != 1) {
      throw new StaleJobException(job, next);
    }
    var after = read(tx, job.id());
    if (change.isFiled() || (job.state().ended() && !next.ended())) {
      Outcomes.release(tx, after.id(), after.home());
    }
    if (change.isOutcome()) {
      Outcomes.ended(tx, after, clock.millis());
    }
    return after;
  }

  void append(Transaction tx, String id, JobState state, String note) throws SQLException {
    tx.update(
        "insert into event (job_id, seq, at, state, note) values (?, (select coalesce(max(seq), 0)"
            + " + 1 from event where job_id = ?), ?, ?, ?)",
        id,
        id,
        clock.millis(),
        state.name(),
        Text.oneLine(note, 2000));
  }

  static Job read(Transaction tx, String id) throws SQLException {
    return Rows.first(tx, "select * from job where id = ?", id)
        .orElseThrow(() -> new LedgerException("there is no job " + id));
  }
}
