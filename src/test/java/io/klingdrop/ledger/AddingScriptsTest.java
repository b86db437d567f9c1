package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts from the thirteenth on only add: a program that does not know them reads and writes rows
 * as before. What they fill or fence in is what they themselves have made.
 */
class AddingScriptsTest {
  private static final int FIRST = 13;
  private static final Pattern TABLE = Pattern.compile("create table (\\w+) \\(.*\\)");
  private static final Pattern INDEX =
      Pattern.compile("create (unique )?index (?:\\w+) on (\\w+) \\(.*");
  private static final Pattern COLUMN =
      Pattern.compile("alter table (\\w+) add column (\\w+) (.*)");
  private static final Pattern INSERT = Pattern.compile("insert into (\\w+) .*");
  private static final Pattern UPDATE = Pattern.compile("update (\\w+) set (.*?)(?: where .*)?");
  private static final Pattern SET = Pattern.compile("(?:^|, )(\\w+) = ");

  static Stream<String> scripts() {
    return Schema.OURS.scripts().stream().skip(FIRST - 1);
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptOnlyAdds(String script) {
    assertThat(objections(Schema.OURS.text().apply(script))).isEmpty();
  }

  @Test
  void thereAreSuchScripts() {
    assertThat(scripts()).isNotEmpty();
    assertThat(Schema.OURS.scripts().get(FIRST - 1)).startsWith("V013");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table receipt",
        "drop index job_due",
        "alter table job drop column name",
        "alter table job rename column name to title",
        "alter table job rename to work",
        "alter table job alter column name set not null",
        "alter table job add constraint one unique (name)",
        "alter table job add column lane text not null",
        "alter table job add column lane text unique",
        "alter table job add column lane text default 'a' check (lane <> name)",
        "alter table job add column lane text references pause (provider)",
        "create unique index job_name on job (name)",
        "update job set name = 'a'",
        "update job set lane = 'a', name = 'b' where name = 'c'",
        "insert into pause (provider, since) values ('kie', 1)",
        "delete from pause",
        "create trigger t after insert on job execute function f()",
        "create view v as select 1",
        "vacuum",
      })
  void whatAnOlderProgramCouldNotLiveWithIsSeen(String statement) {
    var script = "alter table job add column lane text;\n" + statement + ";\n";
    assertThat(objections(script)).hasSize(1);
  }

  private static final List<String> FINE =
      List.of(
          """
          -- a comment; with a semicolon
          create table lane_owner (
            provider text primary key,
            epoch    bigint not null
          );
          create unique index lane_epoch on lane_owner (provider, epoch);
          insert into lane_owner (provider, epoch) select distinct provider, 0 from job;
          """,
          """
          alter table job add column epoch bigint not null default 0;
          alter table job add column node text;
          create index job_node on job (node) where node is not null;
          update job set epoch = attempts, node = lease_owner where attempts > 0;
          """,
          "update schema_reader set least = 14;\n");

  @ParameterizedTest
  @FieldSource("FINE")
  void whatAddsIsFine(String script) {
    assertThat(objections(script)).isEmpty();
  }

  /** The statements of a script that do more than add. */
  private static List<String> objections(String script) {
    var tables = new HashSet<>(Set.of("schema_reader"));
    var columns = new HashSet<String>();
    var objections = new ArrayList<String>();
    for (var raw : Schema.statements(script)) {
      var statement =
          raw.replaceAll("--[^\\n]*", " ").replaceAll("\\s+", " ").strip().replaceFirst(";$", "");
      if (!adds(statement, tables, columns)) {
        objections.add(statement);
      }
    }
    return objections;
  }

  private static boolean adds(String statement, Set<String> tables, Set<String> columns) {
    var table = TABLE.matcher(statement);
    if (table.matches()) {
      tables.add(table.group(1));
      return true;
    }
    var index = INDEX.matcher(statement);
    if (index.matches()) {
      return index.group(1) == null || tables.contains(index.group(2));
    }
    var column = COLUMN.matcher(statement);
    if (column.matches()) {
      columns.add(column.group(1) + "." + column.group(2));
      return tables.contains(column.group(1)) || harmless(column.group(3));
    }
    var insert = INSERT.matcher(statement);
    if (insert.matches()) {
      return tables.contains(insert.group(1));
    }
    var update = UPDATE.matcher(statement);
    return update.matches()
        && (tables.contains(update.group(1))
            || columns.containsAll(
                SET.matcher(update.group(2))
                    .results()
                    .map(set -> update.group(1) + "." + set.group(1))
                    .toList()));
  }

  /** Whether rows may be written without that column, as programs do that do not know it. */
  private static boolean harmless(String definition) {
    return !definition.matches(".*\\b(unique|check|references|primary)\\b.*")
        && (!definition.contains("not null") || definition.contains("default"));
  }
}
