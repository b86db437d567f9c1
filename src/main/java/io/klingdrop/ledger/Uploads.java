package io.klingdrop.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Media that were made reachable for the provider, until they expire. Thread-safe. */
public final class Uploads {
  private final Database database;
  private final InstantSource clock;

  /** The upload records of an open database. */
  public Uploads(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The address of that file of that job, if it stays good until {@code until}. */
  public Optional<String> find(String jobId, String name, Instant until) {
    return database.transaction(
        tx ->
            tx.first(
                row -> row.getString(1),
                "select url from upload where job_id = ? and name = ? and expires_at >= ?",
                jobId,
                name,
                until.toEpochMilli()));
  }

  /** Notes an upload. */
  public void keep(String jobId, String name, String url, Instant expires) {
    database.transaction(
        tx ->
            tx.update(
                "insert into upload (job_id, name, url, expires_at) values (?, ?, ?, ?)"
                    + " on conflict (job_id, name) do update set url = excluded.url,"
                    + " expires_at = excluded.expires_at",
                jobId,
                name,
                url,
                expires.toEpochMilli()));
  }

  /** Forgets what the provider has deleted by now. */
  public int prune() {
    return database.transaction(
        tx -> tx.update("delete from upload where expires_at < ?", clock.millis()));
  }
}
