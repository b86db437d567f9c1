package io.klingdrop.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.SQLException;

/**
 * A user of a PostgreSQL server who may read and write rows of others' tables and nothing else: no
 * table, not even a temporary one, no advisory lock.
 */
public final class GuestRole {
  public static final String NAME = "guest";

  private final EmbeddedPostgres server;

  /** Makes the user; there must be none yet. */
  public GuestRole(EmbeddedPostgres server) throws SQLException {
    this.server = server;
    execute("postgres", "create role guest login");
  }

  /** Makes a database like another one, in which the user has these rights. */
  public void createDatabase(String name, String like) throws SQLException {
    execute("postgres", "create database " + name + " template " + like);
    execute(
        name,
        "revoke all on database " + name + " from public",
        "grant connect on database " + name + " to guest",
        "revoke all on schema public from public",
        "grant usage on schema public to guest",
        "alter default privileges for role postgres in schema public"
            + " grant select, insert, update, delete on tables to guest",
        """
        do $$
        declare lock regprocedure;
        begin
          for lock in select oid::regprocedure from pg_proc where proname like 'pg\\_%advisory%' loop
            execute 'revoke execute on function ' || lock || ' from public';
          end loop;
        end $$
        """);
  }

  private void execute(String database, String... statements) throws SQLException {
    try (var connection = server.getDatabase("postgres", database).getConnection();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
