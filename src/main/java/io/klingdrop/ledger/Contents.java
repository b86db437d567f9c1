package io.klingdrop.ledger;

import java.sql.SQLException;

/** Who may be paid for what: of all jobs of one content it is one at any time. */
final class Contents {

  private Contents() {}

  /**
   * The id of the job that may be paid for that content: {@code jobId} itself if nobody has asked
   * before. Until the transaction ends, nobody else reads or changes who it is by way of this.
   */
  static String holder(Transaction tx, String key, String jobId) throws SQLException {
    // the update changes nothing: it locks the row where several may write at a time
    var sql =
        "insert into content (content_key, job_id) values (?, ?)"
            + " on conflict (content_key) do update set job_id = content.job_id"
            + " returning job_id";
    return tx.query(row -> row.getString(1), sql, key, jobId).get(0);
  }
}
