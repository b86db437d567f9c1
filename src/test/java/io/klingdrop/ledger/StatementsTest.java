package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementsTest {
  private Connection connection;

  @BeforeEach
  void opens() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    Statements.passing(connection)
        .with(PreparedStatement::execute, "create table job (id integer primary key)");
  }

  @AfterEach
  void closes() throws SQLException {
    connection.close();
  }

  @Test
  void theSameWordsArePreparedOnce() throws SQLException {
    var statements = Statements.kept(connection);
    var first = statements.with(it -> it, "select ?", 1);
    var second = statements.with(it -> it, "select ?", 2);
    assertThat(second).isSameAs(first);
    Integer third = statements.with(it -> it.executeQuery().getInt(1), "select ?", 3);
    assertThat(third).isEqualTo(3);
  }

  @Test
  void oneThatFailedIsNotUsedAgainAndTheNextSucceeds() throws SQLException {
    var statements = Statements.kept(connection);
    var insert = "insert into job (id) values (?)";
    var first = statements.with(it -> it, insert, 1);
    statements.with(PreparedStatement::executeUpdate, insert, 1);
    assertThatThrownBy(() -> statements.with(PreparedStatement::executeUpdate, insert, 1))
        .isInstanceOf(SQLException.class);
    assertThat(first.isClosed()).isTrue();
    Integer rows = statements.with(PreparedStatement::executeUpdate, insert, 2);
    assertThat(rows).isEqualTo(1);
  }

  @Test
  void asksForOneInsideTheSame() throws SQLException {
    var statements = Statements.kept(connection);
    Boolean both =
        statements.with(
            outer -> statements.with(inner -> inner != outer && !outer.isClosed(), "select 1"),
            "select 1");
    assertThat(both).isTrue();
  }

  @Test
  void theLastUsedAreKeptAndTheOldestIsClosed() throws SQLException {
    var statements = Statements.kept(connection);
    var old = statements.with(it -> it, "select 'old'");
    var used = statements.with(it -> it, "select 'used'");
    for (int i = 0; i < 149; i++) {
      statements.with(it -> it, "select " + i);
      statements.with(it -> it, "select 'used'");
    }
    assertThat(old.isClosed()).isTrue();
    assertThat(used.isClosed()).isFalse();
  }

  @Test
  void aConnectionThatIsBorrowedKeepsNone() throws SQLException {
    PreparedStatement statement = Statements.passing(connection).with(it -> it, "select 1");
    assertThat(statement.isClosed()).isTrue();
  }
}
