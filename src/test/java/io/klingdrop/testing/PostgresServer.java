package io.klingdrop.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that can be stopped and started with what it has. For one thread. */
public final class PostgresServer implements AutoCloseable {
  /** Who may do anything there. */
  public static final String USER = "postgres";

  private final Path data;
  private final int port;
  private int databases;
  private @Nullable EmbeddedPostgres running;

  /** A server that runs, with its files in a new folder below {@code top}. */
  public PostgresServer(Path top) throws IOException {
    data = top.resolve("postgres");
    port = Http.freePort();
    start();
  }

  /** Starts it where it was stopped. */
  public void start() throws IOException {
    running =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setServerConfig("synchronous_commit", "on")
            .start();
  }

  /** Stops it; every connection is cut. */
  public void stop() throws IOException {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** Makes an empty database; answers its address. */
  public String empty() throws SQLException {
    var name = "site" + databases++;
    try (var connection = DriverManager.getConnection(url("postgres"), USER, USER);
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
