package io.klingdrop.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The ledger in a SQLite file. */
class SqliteLedgerTest extends LedgerContract {
  @TempDir private Path folder;

  @Override
  Database open() {
    return Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
  }
}
