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
 * change of a job ends its lease. Thread-safe.
 */
public record JobClaims(Database database, NodeId node, InstantSource clock) {
  /**
   * Claims due jobs for this node: the profiles take turns, the oldest of each first. A claimed job
   * is nobody else's until its lease ends or its state is changed.
   */
  public List<Job> claimDue(Due due, Duration lease) {
    if (due.limit() <= 0) {
      return List.of();
    }
    var now = clock.millis();
    var where = new StringBuilder("state in (" + Many.marks(due.states().size()) + ")");
    List<@Nullable Object> args = new ArrayList<>(List.of(node.text(), now + lease.toMillis()));
    due.states().stream().map(JobState::name).sorted().forEach(args::add);
    where.append(" and due_at <= ? and (lease_until is null or lease_until < ?)");
    args.addAll(List.of(now, now));
    if (!due.provider().isEmpty()) {
      where.append(" and provider = ?");
      args.add(due.provider());
    }
    if (!due.models().isEmpty()) {
      where.append(due.except() ? " and model not in (" : " and model in (");
      where.append(Many.marks(due.models().size())).append(')');
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
          var jobs = leased(tx, sql, args);
          jobs.sort(Comparator.comparing((Job job) -> job.times().due()).thenComparing(Job::id));
          return jobs;
        });
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
    var now = clock.millis();
    List<@Nullable Object> args = new ArrayList<>(List.of(node.text(), now + lease.toMillis()));
    states.stream().map(JobState::name).sorted().forEach(args::add);
    args.addAll(List.of(now, now, limit));
    return claim(unfiled(Many.marks(states.size())) + " and due_at <= ?", args);
  }

  /**
   * Jobs in these states whose files still wait, by the index that has those alone: SQLite would
   * take the one of states and go through every job that ever ended.
   */
  static String unfiled(String states) {
    return "filed = 0 and coalesce(state, '') in (" + states + ")";
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
          return leased(tx, sql, args);
        });
  }

  /** Claims jobs of that account whose lost task is to be looked for now. */
  public List<Job> claimLookups(String provider, int limit, Duration lease) {
    var now = clock.millis();
    return claim(
        "state = 'SUBMIT_UNKNOWN' and lookup = 1 and provider = ? and due_at <= ?",
        List.of(node.text(), now + lease.toMillis(), provider, now, now, limit));
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

  /** Forgets all leases of this node: called at start, when no worker of it can be alive. */
  public void releaseAll() {
    database.transaction(
        tx -> {
          for (var table : List.of("job", "shipment", "outcome")) {
            tx.update(
                "update "
                    + table
                    + " set lease_owner = null, lease_until = null where lease_owner = ?",
                node.text());
          }
          return node;
        });
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
