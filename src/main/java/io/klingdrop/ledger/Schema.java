package io.klingdrop.ledger;

import io.klingdrop.job.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that this program knows, as scripts of which each makes the next version, and whether
 * it may run on those a database has. Scripts only add, so that programs of two versions can work
 * side by side. Tables that are up to date are only read: a role that may not change any will do.
 *
 * @param scripts the names of the scripts; their number is the version this program knows
 * @param text gives the text of a script
 */
record Schema(List<String> scripts, UnaryOperator<String> text) {
  /** What comes with this program. */
  static final Schema OURS =
      new Schema(
          List.of(
              "V001__jobs.sql",
              "V002__lookup.sql",
              "V003__run_times.sql",
              "V004__attempts.sql",
              "V005__outcomes.sql",
              "V006__callbacks.sql",
              "V007__shipments.sql",
              "V008__pauses.sql",
              "V009__reservations.sql",
              "V010__warnings.sql",
              "V011__no_room.sql",
              "V012__folders.sql",
              "V013__readers.sql",
              "V014__nodes.sql",
              "V015__folders_of_nodes.sql"),
          Schema::shipped);

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  /** PostgreSQL 13 manual, appendix A: insufficient_privilege. */
  private static final String NO_RIGHT = "42501";

  /** The same: lock_not_available, deadlock_detected. */
  private static final Set<String> IN_USE = Set.of("55P03", "40P01");

  /** About a minute; others get through between them. */
  private static final int TRIES = 100;

  private static final Pattern TABLE = Pattern.compile("^create table (\\w+)", Pattern.MULTILINE);

  Schema {
    scripts = List.copyOf(scripts);
  }

  /**
   * The tables of a database as they were read.
   *
   * @param version 0 if there are none that can be seen
   * @param least what a program must know to run on them
   * @param program what brought them up to date last, empty if that is not known
   */
  private record Found(int version, int least, String program) {}

  /**
   * Brings the tables up to date. Of several programs that do so at once, one does it and the
   * others find it done. It is done as a whole or not at all; services that work meanwhile wait for
   * it and notice nothing else.
   *
   * @throws LedgerException if it cannot be done, or if this program is too old for the tables
   */
  Migrated migrate(Transaction.Runner database) {
    var found = database.run(Schema::found);
    if (found.version() >= known()) {
      requireFit(found);
      return new Migrated(found.version(), found.version());
    }
    for (int tries = 1; ; tries++) {
      try {
        return database.run(this::migrated);
      } catch (LedgerException e) {
        var state = e.getCause() instanceof SQLException fault ? fault.getSQLState() : null;
        if (state == null) {
          throw e;
        }
        if (!IN_USE.contains(state) || tries == TRIES) {
          throw new LedgerException(why(found, state, e), e);
        }
        if (tries == 1) {
          LOG.info("others use the tables; they are brought up to date as soon as that ends");
        }
        database.run(tx -> tx.query(row -> 1, "select 1 from (select pg_sleep(0.4)) as later"));
      }
    }
  }

  /**
   * Changes nothing.
   *
   * @throws LedgerException if the tables are older than this program, or too new for it
   */
  void require(Transaction.Runner database) {
    var found = database.run(Schema::found);
    if (found.version() < known()) {
      throw outdated(found.version());
    }
    requireFit(found);
  }

  /** What to say of tables of that version, 0 for none, that are to stay as they are. */
  LedgerException outdated(int version) {
    return new LedgerException(
        "%s, and klingdrop.db.migrate is off: run `klingdrop migrate`"
            .formatted(difference(version)));
  }

  private int known() {
    return scripts.size();
  }

  private String difference(int version) {
    return version == 0
        ? "the database has no tables that can be seen, this program needs version " + known()
        : "the tables of the database have version %d, this program needs %d"
            .formatted(version, known());
  }

  private String why(Found found, String state, LedgerException fault) {
    var said =
        Text.oneLine(String.valueOf(Text.root(fault).getMessage()), 300).replaceFirst("\\.$", "");
    var rest =
        state.equals(NO_RIGHT)
            ? ("the database's user may not change them (%s): run `klingdrop migrate` as the user"
                + " they belong to")
            : IN_USE.contains(state)
                ? "others keep them in use, such as a dump (%s): run `klingdrop migrate` later"
                : "they cannot be changed: %s";
    return difference(found.version()) + "; " + rest.formatted(said) + ". Nothing was changed.";
  }

  private void requireFit(Found found) {
    if (found.version() > known() && found.least() > known()) {
      throw new LedgerException(
          ("the tables of the database have version %d, for programs that know %d at least; this"
                  + " one knows %d: use a newer klingdrop.jar%s")
              .formatted(
                  found.version(),
                  found.least(),
                  known(),
                  found.program().isEmpty()
                      ? ""
                      : ", " + found.program() + " brought them up to date"));
    }
  }

  private static Found found(Transaction tx) throws SQLException {
    if (!tx.hasTable("schema_version")) {
      return new Found(0, 0, "");
    }
    var sql = "select coalesce(max(version), 0) from schema_version";
    int version = tx.query(row -> row.getInt(1), sql).get(0);
    if (!tx.hasTable("schema_reader")) {
      return new Found(version, version, "");
    }
    return tx.first(
            row -> new Found(version, row.getInt(1), row.getString(2)),
            "select least, program from schema_reader")
        .orElse(new Found(version, version, ""));
  }

  private Migrated migrated(Transaction tx) throws SQLException {
    tx.waitForOthersWhoMigrate();
    var found = found(tx);
    if (found.version() >= known()) {
      requireFit(found);
      return new Migrated(found.version(), found.version());
    }
    tx.update("create table if not exists schema_version (version integer primary key)");
    tx.takeForItself(tables(found.version()));
    for (int version = found.version() + 1; version <= known(); version++) {
      for (var statement : statements(text.apply(scripts.get(version - 1)))) {
        tx.update(statement);
      }
      tx.update("insert into schema_version (version) values (?)", version);
    }
    tx.update("update schema_reader set program = ?", program());
    return new Migrated(found.version(), known());
  }

  /** The version in the jar's manifest; empty where the program was not packed into one. */
  private static String program() {
    var version = Schema.class.getPackage().getImplementationVersion();
    return version == null ? "" : "klingdrop " + version;
  }

  /** What the scripts up to that version have made. */
  private List<String> tables(int version) {
    return scripts.subList(0, version).stream()
        .flatMap(script -> TABLE.matcher(text.apply(script)).results())
        .map(table -> table.group(1))
        .toList();
  }

  /** The statements of a script, comments and all. */
  static List<String> statements(String script) {
    return Arrays.stream(script.split(";\\s*\\R", -1)).filter(one -> !one.isBlank()).toList();
  }

  private static String shipped(String name) {
    try (var in = Schema.class.getResourceAsStream("/db/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: db/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
