package io.klingdrop.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The ledger in a real PostgreSQL, a database for each test. */
class PostgresLedgerTest extends LedgerContract {
  private static EmbeddedPostgres server;
  private static int databases;
  private String name = "";

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  @Override
  void connect() {
    name = "ledger" + databases++;
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    super.connect();
  }

  @Override
  Database open() {
    return Database.open(server.getJdbcUrl("postgres", name), "postgres", "postgres");
  }
}
