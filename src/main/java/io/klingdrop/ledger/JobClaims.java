package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases one node has on jobs: while a lease lasts no other worker takes the job up. Every
 * change of a job ends its lease. Each claim raises the job's version, so that who held it before
 * changes it no more. Thread-safe.
 */
public record JobClaims(Database database, Holder holder, InstantSource clock) {
  private static final String LEASE =
      "update job set version = version + 1, lease_owner = ?, lease_until = ?";

  /**
   * Claims due jobs for this node: the profiles take turns, the oldest of each first. A claimed job
   * is nobody else's until its lease ends or its state is changed.
   */
  public List<Job> claimDue(Due due, Duration lease) {
    if (due.limit() <= 0) {
      return List.of();
    }
    var where = new StringBuilder("state in (" + Many.marks(due.states().size()) + ")");
    List<@Nullable Object> ranking = new ArrayList<>();
    due.states().stream().map(JobState::name).sorted().forEach(ranking::add);
    if (!due.provider().isEmpty()) {
      where.append(" and provider = ?");
      ranking.add(due.provider());
    }
    if (!due.models().isEmpty()) {
      where.append(due.except() ? " and model not in (" : " and model in (");
      where.append(Many.marks(due.models().size())).append(')');
      ranking.addAll(due.models());
    }
    where.append(" and due_at <= ? and (lease_until is null or lease_until < ?)");
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          List<@Nullable Object> args =
              new ArrayList<>(List.of(holder.name(), now + millis(lease)));
          ranking.addAll(List.of(clock.millis(), now));
          args.addAll(ranking);
          args.add(due.limit());
          // said again beside the lock: a row that another worker took since the ranking was read
          // is seen anew there, and only there, by PostgreSQL
          args.addAll(ranking);
          var jobs =
              leased(
                  tx,
                  LEASE
                      + " where id in (select id from job where id in (select id from (select id,"
                      + " due_at, row_number() over (partition by profile order by due_at, id) as"
                      + " turn from job where "
                      + where
                      + ") as due order by turn, due_at limit ?) and "
                      + where
                      + tx.skipLocked()
                      + ") returning id",
                  args);
          jobs.sort(Comparator.comparing((Job job) -> job.times().due()).thenComparing(Job::id));
          return jobs;
        });
  }

  private long millis(Duration lease) {
    return holder.millis(lease);
  }

  private static List<Job> leased(Transaction tx, String sql, List<?> args) throws SQLException {
    var jobs = new ArrayList<Job>();
    for (var id : tx.query(row -> row.getString(1), sql, args.toArray())) {
      jobs.add(Transitions.read(tx, id));
    }
    return jobs;
  }

  /** Claims ended jobs in these states whose files still wait to be put away. */
  public List<Job> claimUnfiled(Set<JobState> states, int limit, Duration lease) {
    var names = states.stream().map(JobState::name).sorted().toList();
    return claim(unfiled(Many.marks(names.size())) + " and due_at <= ?", names, limit, lease);
  }

  /**
   * Jobs in these states whose files still wait, by the index that has those alone: SQLite would
   * take the one of states and go through every job that ever ended.
   */
  static String unfiled(String states) {
    return "filed = 0 and coalesce(state, '') in (" + states + ")";
  }

  private List<Job> claim(String where, List<String> first, int limit, Duration lease) {
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          List<@Nullable Object> args =
              new ArrayList<>(List.of(holder.name(), now + millis(lease)));
          args.addAll(first);
          args.addAll(List.of(clock.millis(), now, limit));
          var sql =
              LEASE
                  + " where id in (select id from job where "
                  + where
                  + " and (lease_until is null or lease_until < ?) order by due_at, id limit ?"
                  + tx.skipLocked()
                  + ") returning id";
          return leased(tx, sql, args);
        });
  }

  /** Claims jobs of that account whose lost task is to be looked for now. */
  public List<Job> claimLookups(String provider, int limit, Duration lease) {
    var where = "state = 'SUBMIT_UNKNOWN' and lookup = 1 and provider = ? and due_at <= ?";
    return claim(where, List.of(provider), limit, lease);
  }

  /**
   * Jobs that this node has left in the middle of the paid step, before its present run: of those
   * whose holder is not known, it may have been this one.
   */
  public List<Job> unfinished() {
    var sql = "select * from job where state = 'SUBMITTING'";
    return holder.isAlone()
        ? Rows.jobs(database, sql)
        : Rows.jobs(database, sql + " and (lease_owner is null or lease_owner = ?)", holder.name());
  }

  /**
   * Jobs of that account that stand in the middle of the paid step although no worker of any node
   * holds them: who was at it has died, or sleeps. Its call may have gone out.
   *
   * @param silence how long their lease must be over
   */
  public List<Job> abandoned(String provider, Duration silence) {
    var inHand = holder.keys("job");
    return database
        .transaction(
            tx ->
                Rows.jobs(
                    tx,
                    "select * from job where state = 'SUBMITTING' and provider = ?"
                        + " and lease_until < ?",
                    provider,
                    tx.leaseNow(clock) - silence.toMillis()))
        .stream()
        .filter(job -> !inHand.contains(job.id()))
        .toList();
  }

  /**
   * Gives a claimed job back untouched, due again at {@code again}. One whose createTask is under
   * way stays as it is: the answer is to find it so.
   */
  public Job released(Job job, Instant again) {
    if (job.state() == JobState.SUBMITTING) {
      return job;
    }
    return database.transaction(
        tx -> transitions().change(tx, job, new Change().set("due_at", again)));
  }

  /**
   * Gives back what a worker of this node had of a job, if it still has it; due again at {@code
   * again}. One whose createTask is under way stays as it is.
   */
  public void giveBack(String jobId, Instant again) {
    database.update(
        "update job set version = version + 1, due_at = ?, lease_owner = null, lease_until = null"
            + " where id = ? and lease_owner = ? and state <> 'SUBMITTING'",
        again.toEpochMilli(),
        jobId,
        holder.name());
  }

  /**
   * Forgets all leases of this node: called at start, when no worker of it can be alive. A paid
   * step that was left in the middle keeps its holder until it is settled.
   */
  public void releaseAll() {
    database.transaction(
        tx -> {
          for (var table : List.of("job", "shipment", "outcome")) {
            tx.update(
                "update "
                    + table
                    + " set lease_owner = null, lease_until = null where lease_owner = ?"
                    + (table.equals("job") ? " and state <> 'SUBMITTING'" : ""),
                holder.name());
          }
          return holder;
        });
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
