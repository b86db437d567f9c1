package io.klingdrop.ledger;

import io.klingdrop.budget.DailySpending;
import io.klingdrop.job.JobState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How many jobs there are of a kind, and what they cost. Changes nothing. Thread-safe. */
public record JobCounts(Database database) {
  private static final String OPEN =
      "state in ('CLAIMED','READY','SUBMITTING','RUNNING','GENERATED','FETCHED') or filed = 0"
          + " or (state = 'SUBMIT_UNKNOWN' and lookup = 1)";

  /** How many jobs stand in each state; states without jobs are absent. */
  public Map<JobState, Long> byState() {
    var counts = new EnumMap<JobState, Long>(JobState.class);
    var sql = "select state, count(*) from job group by state";
    database.query(row -> counts.put(JobState.valueOf(row.getString(1)), row.getLong(2)), sql);
    return counts;
  }

  /** How many jobs made at or after {@code since} ended as failed or without a known answer. */
  public long failedSince(Instant since) {
    return database.number(
        "select count(distinct e.job_id) from event e join job j on j.id = e.job_id"
            + " where e.at >= ? and e.state in ('FAILED','SUBMIT_UNKNOWN')"
            + " and j.state in ('FAILED','SUBMIT_UNKNOWN')",
        since.toEpochMilli());
  }

  /** How many jobs still have something to be done for them, files to be moved among it. */
  public long open() {
    return database.number("select count(*) from job where " + OPEN);
  }

  /**
   * How many of the open jobs do not just wait for the money of another day, or for a person to
   * resume their account.
   */
  public long busy(Instant now) {
    return database.number(
        "select count(*) from job where ("
            + OPEN
            + ") and not (state = 'READY' and held is not null and due_at > ?)"
            + " and not (state = 'READY' and lease_until is null"
            + " and provider in (select provider from pause))",
        now.toEpochMilli());
  }

  /** How many tasks of that account are, or may be, running; a lease that is over is none. */
  public int inFlight(String provider, InstantSource clock) {
    return leased(
        "state in ('SUBMITTING','RUNNING') or (state = 'READY' and lease_until >= ?)",
        provider,
        clock);
  }

  /** How many ready jobs of that account a worker of some node holds now. */
  public int leased(String provider, InstantSource clock) {
    return leased("state in ('READY','SUBMITTING') and lease_until >= ?", provider, clock);
  }

  private int leased(String where, String provider, InstantSource clock) {
    var sql = "select count(*) from job where provider = ? and (" + where + ")";
    return database.transaction(
        tx -> tx.query(row -> row.getInt(1), sql, provider, tx.leaseNow(clock)).get(0));
  }

  /** Credits spent or reserved in the UTC day of {@code now}, by profile. */
  public Map<String, Double> spent(Instant now) {
    return database.transaction(tx -> Attempts.spent(tx, DailySpending.day(now)));
  }

  /** How many ready jobs wait for money. */
  public long held() {
    return database.number("select count(*) from job where held is not null and state = 'READY'");
  }

  /** How many ready jobs wait at each account that a person has paused; none is 0. */
  public Map<String, Long> paused() {
    var waiting = new TreeMap<String, Long>();
    var sql =
        "select p.provider, count(j.id) from pause p left join job j"
            + " on j.provider = p.provider and j.state = 'READY' group by p.provider";
    database.query(row -> waiting.put(row.getString(1), row.getLong(2)), sql);
    return waiting;
  }
}
