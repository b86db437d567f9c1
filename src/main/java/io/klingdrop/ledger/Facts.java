package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.Receipt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Reads what is kept beside jobs: four questions, however many jobs. */
final class Facts {

  private Facts() {}

  static JobFacts of(Transaction tx, Job job) throws SQLException {
    return of(tx, List.of(job)).get(0);
  }

  /** In the order of the jobs. */
  static List<JobFacts> of(Transaction tx, List<Job> jobs) throws SQLException {
    var ids = jobs.stream().map(Job::id).toList();
    var held =
        Many.of(
            tx,
            row -> row.getString("held"),
            "select id as job_id, held from job where id in (%s) and held is not null"
                + " and state = 'READY'",
            ids);
    var attempts =
        Many.of(
            tx, Attempts::row, "select * from attempt where job_id in (%s) order by number", ids);
    var receipts =
        Many.of(
            tx,
            Facts::receipt,
            "select job_id, target, number, location, at from receipt where job_id in (%s)"
                + " order by target, number",
            ids);
    var warnings =
        Many.of(
            tx,
            row -> row.getString("said"),
            "select job_id, said from warning where job_id in (%s) order by seq",
            ids);
    return jobs.stream()
        .map(
            job ->
                new JobFacts(
                    job,
                    held.of(job.id()).stream().findFirst().orElse(null),
                    attempts.of(job.id()),
                    receipts.of(job.id()),
                    warnings.of(job.id())))
        .toList();
  }

  private static Receipt receipt(ResultSet row) throws SQLException {
    return new Receipt(
        row.getString("target"),
        row.getInt("number"),
        row.getString("location"),
        Instant.ofEpochMilli(row.getLong("at")));
  }
}
