package io.klingdrop.ledger;

import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the results of each job have come on the way to each target. The targets of a job know
 * nothing of each other; the one that ends last ends the job, in the same transaction. Thread-safe.
 */
public record Shipments(Database database, Holder holder, InstantSource clock) {
  /**
   * A fetched job is to go to these targets, beginning now. What is under way to one of them stays
   * as it is; what was under way to any other is forgotten.
   *
   * @param lookAgain when to compare its targets with the settings once more
   * @return the job: FETCHED still, or DELIVERED if all of them have it
   */
  public Job open(Job job, List<String> targets, Instant lookAgain) {
    return database.transaction(
        tx -> {
          var current = locked(tx, job.id());
          if (current.state() != JobState.FETCHED) {
            return current;
          }
          for (var target : targets) {
            var sql =
                "insert into shipment (job_id, target, due_at) values (?, ?, ?)"
                    + " on conflict (job_id, target) do nothing";
            tx.update(sql, job.id(), target, clock.millis());
          }
          var select = "select target from shipment where job_id = ?";
          var known = tx.query(row -> row.getString(1), select, job.id());
          for (var target : known) {
            if (!targets.contains(target)) {
              var delete =
                  "delete from shipment where job_id = ? and target = ? and arrived_at is null";
              tx.update(delete, job.id(), target);
            }
          }
          var open = transitions().change(tx, current, new Change().set("due_at", lookAgain));
          return settled(tx, open);
        });
  }

  /** Claims what is due for that target, the oldest first; nobody else's until the lease ends. */
  public List<Shipment> claimDue(String target, int limit, Duration lease) {
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          var ids =
              tx.query(
                  row -> row.getString(1),
                  "update shipment set epoch = epoch + 1, lease_owner = ?, lease_until = ? where"
                      + " target = ? and job_id"
                      + " in (select s.job_id from shipment s where s.target = ? and s.arrived_at"
                      + " is null and s.given_up = 0 and s.due_at <= ? and (s.lease_until is null"
                      + " or s.lease_until < ?) and exists (select 1 from job j where j.id ="
                      + " s.job_id and j.state = 'FETCHED') order by s.due_at, s.job_id limit ?"
                      + tx.skipLocked()
                      + ") returning job_id",
                  holder.name(),
                  now + holder.millis(lease),
                  target,
                  target,
                  clock.millis(),
                  now,
                  limit);
          var claimed = new ArrayList<Shipment>();
          for (var id : ids.stream().sorted().toList()) {
            claimed.add(read(tx, id, target));
          }
          return claimed;
        });
  }

  private static Shipment read(Transaction tx, String id, String target) throws SQLException {
    var job = Transitions.read(tx, id);
    var sql = "select * from shipment where job_id = ? and target = ?";
    return tx.query(
            row ->
                new Shipment(
                    job,
                    target,
                    row.getInt("tries"),
                    Rows.instant(row, "trouble_since"),
                    row.getString("said"),
                    row.getLong("epoch")),
            sql,
            id,
            target)
        .get(0);
  }

  /**
   * The target has all results of the job.
   *
   * @return the job: DELIVERED if this was the last of its targets
   */
  public Job arrived(Shipment shipment) {
    return database.transaction(
        tx -> {
          var job = locked(tx, shipment.job().id());
          set(tx, shipment, "arrived_at = ?", clock.millis());
          transitions().note(tx, job, "delivered to " + shipment.target());
          return settled(tx, job);
        });
  }

  /**
   * The target refused; it is tried again at {@code again}. A new reason is noted in the timeline.
   */
  public void later(Shipment shipment, String reason, Instant again) {
    database.transaction(
        tx -> {
          if (!reason.equals(shipment.said())) {
            transitions().note(tx, shipment.job(), reason);
          }
          var since = shipment.troubleSince() == null ? clock.instant() : shipment.troubleSince();
          set(
              tx,
              shipment,
              "tries = ?, trouble_since = ?, said = ?, due_at = ?",
              shipment.tries() + 1,
              since.toEpochMilli(),
              reason,
              again.toEpochMilli());
          return shipment;
        });
  }

  /**
   * What has not arrived at its target.
   *
   * @param count results of one job for one target count once
   * @param troubleSince when the longest refused one was refused first, null if none is refused
   */
  public record Backlog(long count, @Nullable Instant troubleSince) {}

  /** What has not arrived at its target, given up ones left out. */
  public Backlog backlog() {
    var sql =
        "select count(*), min(trouble_since) as since from shipment where arrived_at is"
            + " null and given_up = 0";
    return database
        .query(row -> new Backlog(row.getLong(1), Rows.instant(row, "since")), sql)
        .get(0);
  }

  /** The target is known to be away: what it refused until now does not count towards giving up. */
  public void excused(String target) {
    database.update(
        "update shipment set tries = 0, trouble_since = null where target = ?"
            + " and trouble_since is not null and arrived_at is null and given_up = 0",
        target);
  }

  /** Gives a shipment back that this node has claimed, untouched, due again at {@code again}. */
  public void giveBack(String jobId, String target, Instant again) {
    var sql =
        "update shipment set due_at = ?, lease_owner = null, lease_until = null"
            + " where job_id = ? and target = ? and lease_owner = ?";
    database.update(sql, again.toEpochMilli(), jobId, target, holder.name());
  }

  /**
   * The target has refused for too long. The other targets of the job go on; it fails once the last
   * of them has ended.
   *
   * @return the job: FAILED as delivery if this was the last of its targets
   */
  public Job givenUp(Shipment shipment, String reason) {
    return database.transaction(
        tx -> {
          var job = locked(tx, shipment.job().id());
          set(tx, shipment, "given_up = 1, said = ?", reason);
          transitions().note(tx, job, "given up: " + reason);
          return settled(tx, job);
        });
  }

  /** Changes the row, if it is still there, and only by who claimed it last. */
  private static void set(
      Transaction tx, Shipment shipment, String what, @Nullable Object... values)
      throws SQLException {
    var sql =
        "update shipment set lease_owner = null, lease_until = null, %s where job_id = ?"
                .formatted(what)
            + " and target = ? and epoch = ?";
    List<@Nullable Object> args = new ArrayList<>(Arrays.asList(values));
    args.addAll(List.of(shipment.job().id(), shipment.target(), shipment.epoch()));
    var other = "select 1 from shipment where job_id = ? and target = ?";
    if (tx.update(sql, args.toArray()) == 0
        && tx.first(row -> 1, other, shipment.job().id(), shipment.target()).isPresent()) {
      throw new StaleJobException(shipment.job(), shipment.job().state());
    }
  }

  /** Two targets that end at the same time wait for each other here, so that one sees both. */
  private static Job locked(Transaction tx, String id) throws SQLException {
    tx.update("update job set version = version where id = ?", id);
    return Transitions.read(tx, id);
  }

  /** Ends the job if nothing of it is under way any more. */
  private Job settled(Transaction tx, Job job) throws SQLException {
    var where = " from shipment where job_id = ? and arrived_at is null";
    var waiting = tx.query(row -> 1, "select 1" + where + " and given_up = 0", job.id());
    if (job.state() != JobState.FETCHED || !waiting.isEmpty()) {
      return job;
    }
    var reasons =
        tx.query(row -> String.valueOf(row.getString(1)), "select said" + where, job.id());
    if (reasons.isEmpty()) {
      return transitions().delivered(tx, job);
    }
    // a redelivery begins with what is not there yet
    tx.update("delete from shipment where job_id = ? and arrived_at is null", job.id());
    return transitions()
        .fail(tx, job, Failure.of(FailureClass.DELIVERY, String.join("; ", reasons)));
  }

  private Transitions transitions() {
    return new Transitions(clock);
  }
}
