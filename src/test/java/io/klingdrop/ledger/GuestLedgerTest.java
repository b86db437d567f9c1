package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.GuestRole;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The ledger in tables that belong to somebody else: a newer program has made them, and this one
 * may read and write rows and do nothing else.
 */
class GuestLedgerTest extends LedgerContract {
  private static EmbeddedPostgres server;
  private static GuestRole guest;
  private static int databases;
  private String name = "";

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = EmbeddedPostgres.builder().start();
    guest = new GuestRole(server);
    guest.createDatabase("made", "template1");
    Database.open(server.getJdbcUrl("postgres", "made"), "postgres", "", true, NextSchema.FIT)
        .close();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  @Override
  void connect() {
    name = "guest" + databases++;
    try {
      guest.createDatabase(name, "made");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    super.connect();
  }

  @Override
  Database open() {
    return Database.open(server.getJdbcUrl(GuestRole.NAME, name), GuestRole.NAME, "", false);
  }

  @Override
  Database openAsOwner() {
    return Database.open(server.getJdbcUrl("postgres", name), "postgres", "");
  }

  @Test
  void theRightsAreAsFewAsTheyShouldBe() {
    try (var database = open()) {
      for (var statement :
          new String[] {
            "create table other (id text)",
            "create temporary table other (id text)",
            "create table if not exists schema_version (version integer primary key)",
            "alter table job add column other text",
            "truncate event",
            "select pg_advisory_xact_lock(1)"
          }) {
        assertThatThrownBy(() -> database.update(statement))
            .as(statement)
            .hasCauseInstanceOf(SQLException.class)
            .extracting(e -> ((SQLException) e.getCause()).getSQLState())
            .isEqualTo("42501");
      }
    }
  }
}
