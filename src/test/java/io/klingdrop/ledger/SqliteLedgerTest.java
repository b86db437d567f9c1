package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger in a SQLite file. */
class SqliteLedgerTest extends LedgerContract {
  @TempDir private Path folder;

  @Override
  Database open() {
    return Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
  }

  @Test
  void whoLooksForFilesToPutAwayGoesThroughNoJobThatHasEnded() {
    var sql =
        "explain query plan select 1 from job where "
            + JobClaims.unfiled("'DELIVERED'")
            + " and due_at <= 5";
    try (var database = open()) {
      assertThat(database.query(row -> row.getString("detail"), sql))
          .singleElement()
          .asString()
          .contains("job_unfiled");
    }
  }
}
