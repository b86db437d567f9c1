package io.klingdrop.testing;

import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Settings;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Writes jobs into a ledger that never were: every tenth has failed, the rest is delivered. */
public final class ManyJobs {

  private ManyJobs() {}

  /** Jobs {@code job-1} to {@code job-count}, the last one the newest, with an event each. */
  public static void write(Settings settings, int count) throws SQLException {
    var db = settings.database();
    Database.open(db.url(), db.user(), db.password()).close();
    try (var connection = DriverManager.getConnection(db.url());
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      var numbers =
          "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d) "
              .formatted(count);
      statement.executeUpdate(
          "insert into job (id, version, profile, sub_path, name, provider, model, state,"
              + " fail_class, fail_code, fail_message, charged, attempts, filed, estimate, credits,"
              + " created_at, delivered_at, generated_at, due_at) "
              + numbers
              + "select printf('kdmany%08d', i), 1, 'avatar', '', 'job-' || i, 'kie',"
              + " 'kling/ai-avatar-standard', case when i % 10 = 0 then 'FAILED' else 'DELIVERED'"
              + " end, case when i % 10 = 0 then 'GENERATION' end, case when i % 10 = 0 then '501'"
              + " end, case when i % 10 = 0 then 'Generation failed' end, case when i % 10 = 0 then"
              + " 'NO' end, 1, 1, 100, 100, 1700000000000 + i * 1000, 1700000060000 + i * 1000,"
              + " 1700000050000 + i * 1000, 1700000060000 + i * 1000 from n");
      statement.executeUpdate(
          "insert into event (job_id, seq, at, state, note) "
              + numbers
              + "select printf('kdmany%08d', i), 1, 1700000060000 + i * 1000, 'DELIVERED', 'made up'"
              + " from n");
      connection.commit();
    }
  }
}
