package io.klingdrop.ledger;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.budget.DailySpending;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a ready job pass to createTask only as far as the money of the day reaches; the others wait
 * in the ledger. Workers and processes pass it one at a time. Thread-safe.
 */
public record SpendingGate(Database database, InstantSource clock) {
  /**
   * About to call createTask, if the money of the day reaches: what the job is expected to cost is
   * set aside in the same transaction, so that workers and processes cannot spend it twice. It is
   * on disk when this returns, before the socket opens; who read the job before somebody else took
   * it is refused with {@link StaleJobException}.
   *
   * @param fence the node's right to the account, null where there is one node
   * @return SUBMITTING, or still READY and due when there is money again
   * @throws LaneLostException if the account is another node's by now
   */
  public Job submitting(Job job, BudgetCaps caps, @Nullable LaneFence fence) {
    return database.transaction(
        tx -> {
          if (fence != null) {
            fence.check(tx, tx.leaseNow(clock));
          }
          if (!caps.concern(job.profile())) {
            return submit(tx, job);
          }
          tx.update("update purse set turn = turn + 1 where id = 1");
          var spending = spending(tx, caps);
          var objection = spending.objection(job.profile(), job.cost().estimate());
          if (objection.isEmpty()) {
            return submit(tx, job);
          }
          if (!held(tx, job, objection.get(), spending.refilled())) {
            throw new StaleJobException(job, JobState.SUBMITTING);
          }
          return Transitions.read(tx, job.id());
        });
  }

  /** The same where there is one node, whose every account is its own. */
  public Job submitting(Job job, BudgetCaps caps) {
    return submitting(job, caps, null);
  }

  private Job submit(Transaction tx, Job job) throws SQLException {
    var number = job.attempts() + 1;
    var submitting =
        transitions()
            .move(
                tx,
                job,
                Move.SUBMIT,
                new Change().inHand().set("attempts", number).set("held", null),
                "createTask is being called, attempt " + number);
    Attempts.begin(tx, job, number, clock.instant());
    return submitting;
  }

  private DailySpending spending(Transaction tx, BudgetCaps caps) throws SQLException {
    var now = clock.instant();
    return new DailySpending(caps, Attempts.spent(tx, DailySpending.day(now)), now);
  }

  /** The same less what claimed jobs, these left out, are about to take. */
  private DailySpending spendingAhead(Transaction tx, BudgetCaps caps, List<Job> except)
      throws SQLException {
    var spending = spending(tx, caps);
    tx
        .query(
            Waiting::new,
            "select id, profile, estimate from job where state = 'READY' and lease_until > ?",
            tx.leaseNow(clock))
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
    var sql = "select coalesce(held, '') from job where id = ?";
    var before = tx.first(row -> String.valueOf(row.getString(1)), sql, job.id());
    var update =
        "update job set version = version + 1, held = ?, due_at = ?, lease_owner = null,"
            + " lease_until = null where id = ? and state = 'READY' and version = ?";
    var waits = tx.update(update, reason, until.toEpochMilli(), job.id(), job.version()) == 1;
    if (waits && before.filter(String::isEmpty).isPresent()) {
      transitions().note(tx, job, reason);
    }
    return waits;
  }

  /**
   * Looks whether the money of the day reaches for claimed jobs before work is put into them. Sets
   * nothing aside.
   *
   * @return those for which it does; the others wait for money from now on
   */
  public List<Job> affordable(List<Job> jobs, BudgetCaps caps) {
    if (caps.none() || jobs.isEmpty()) {
      return jobs;
    }
    return database.transaction(
        tx -> {
          var spending = spendingAhead(tx, caps, jobs);
          var affordable = new ArrayList<Job>();
          for (var job : jobs) {
            var objection = spending.objection(job.profile(), job.cost().estimate());
            if (objection.isEmpty()) {
              spending.take(job.profile(), job.cost().estimate());
              affordable.add(job);
            } else {
              held(tx, job, objection.get(), spending.refilled());
            }
          }
          return affordable;
        });
  }

  /** Makes jobs that wait for money due, the oldest first, as far as the caps leave some. */
  public void wakeHeld(BudgetCaps caps) {
    database.transaction(
        tx -> {
          var now = clock.millis();
          var sql =
              "select id, profile, estimate from job where held is not null and state = 'READY'"
                  + " and (lease_until is null or lease_until <= ?) order by created_at, id";
          var waiting = tx.query(Waiting::new, sql, tx.leaseNow(clock));
          if (waiting.isEmpty()) {
            return 0;
          }
          var spending = spendingAhead(tx, caps, List.of());
          for (var job : waiting) {
            if (spending.objection(job.profile(), job.estimate()).isEmpty()) {
              spending.take(job.profile(), job.estimate());
              var update =
                  "update job set held = null, due_at = ? where id = ? and state = 'READY'";
              tx.update(update, now, job.id());
            }
          }
          return waiting.size();
        });
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
