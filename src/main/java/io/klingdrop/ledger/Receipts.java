package io.klingdrop.ledger;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the targets have confirmed to hold. Thread-safe. */
public record Receipts(Database database, InstantSource clock) {
  /** Where the target keeps that result, if it has confirmed it. */
  public Optional<String> find(String jobId, String target, int number) {
    var sql = "select location from receipt where job_id = ? and target = ? and number = ?";
    return database.first(row -> row.getString(1), sql, jobId, target, number);
  }

  /** All places where results of that job are, sorted. */
  public Set<String> locations(String jobId) {
    var sql = "select location from receipt where job_id = ?";
    return new TreeSet<>(database.query(row -> row.getString(1), sql, jobId));
  }

  /** Whether any job's result is, or is about to be, at that place. */
  public boolean taken(String target, String location, String exceptJob) {
    var sql = "select 1 from receipt where target = ? and location = ? and job_id <> ?";
    return database.first(row -> 1, sql, target, location, exceptJob).isPresent();
  }

  /** Notes that the target holds that result at {@code location}. */
  public void keep(String jobId, String target, int number, String location) {
    var sql =
        "insert into receipt (job_id, target, number, location, at) values (?, ?, ?, ?, ?)"
            + " on conflict (job_id, target, number) do update set"
            + " location = excluded.location, at = excluded.at";
    database.update(sql, jobId, target, number, location, clock.millis());
  }
}
