package io.klingdrop.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table holds of many jobs, read together. Used inside one transaction.
 *
 * @param byJob in the order of the statement; jobs without rows are absent
 */
record Many<T>(Map<String, List<T>> byJob) {
  /** Jobs in one statement, below what any database takes as arguments. */
  private static final int AT_ONCE = 500;

  /**
   * Asks for the rows of these jobs.
   *
   * @param sql reads {@code job_id}, with {@code %s} where the arguments are to stand
   */
  static <T> Many<T> of(Transaction tx, Transaction.Row<T> read, String sql, List<String> ids)
      throws SQLException {
    var byJob = new HashMap<String, List<T>>();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      var some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
      tx.query(
          row ->
              byJob
                  .computeIfAbsent(row.getString("job_id"), id -> new ArrayList<>())
                  .add(read.read(row)),
          sql.formatted(marks(some.size())),
          some.toArray());
    }
    return new Many<>(byJob);
  }

  /** Where that many arguments are to stand. */
  static String marks(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }

  List<T> of(String id) {
    return byJob.getOrDefault(id, List.of());
  }
}
