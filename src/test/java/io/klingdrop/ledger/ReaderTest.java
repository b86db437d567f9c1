package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions and writers do not wait for each other. */
class ReaderTest {
  @TempDir private Path folder;

  private Database open() {
    return Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
  }

  @Test
  void aLongQuestionKeepsNoWriterWaiting() throws Exception {
    try (var database = open()) {
      var reader = database.reader();
      var asking = new CountDownLatch(1);
      var written = new CountDownLatch(1);
      var question =
          CompletableFuture.supplyAsync(
              () ->
                  reader.transaction(
                      tx -> {
                        tx.query(row -> row.getInt(1), "select count(*) from pause");
                        asking.countDown();
                        try {
                          return written.await(60, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                          return false;
                        }
                      }));
      assertThat(asking.await(60, TimeUnit.SECONDS)).isTrue();
      database.transaction(
          tx -> tx.update("insert into upload_key (key, answer, at) values ('a', 'b', 1)"));
      written.countDown();
      assertThat(question.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(
              reader.<Integer>transaction(
                  tx -> tx.query(row -> row.getInt(1), "select count(*) from upload_key").get(0)))
          .isEqualTo(1);
    }
  }

  @Test
  void aReaderCannotWrite() {
    try (var database = open()) {
      var reader = database.reader();
      assertThatThrownBy(() -> reader.transaction(tx -> tx.update("delete from job")))
          .isInstanceOf(LedgerException.class);
    }
  }
}
