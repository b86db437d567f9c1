package io.klingdrop.cli;

import io.klingdrop.ledger.Database;
import io.klingdrop.node.NodeHome;
import io.klingdrop.process.SteeringFolders;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsException;
import io.klingdrop.settings.SettingsReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a verb finds in the folder it is typed in, or in the one it names. */
final class Here {

  private static final String LOG_CHOICE = "logback.configurationFile";
  private static final String JSON_LOG = "logback-json.xml";
  private static volatile Path folder = Path.of("");

  private Here() {}

  /** The folder whose config, routes and data are meant, instead of the working folder. */
  static void in(Path other) {
    folder = other;
  }

  static Settings settings() {
    return settings(Map.of());
  }

  /** The same with keys that win over everything; from now on the log looks as they say. */
  static Settings settings(Map<String, String> overrides) {
    SteeringFolders.require(folder.toAbsolutePath(), System.getenv());
    try {
      var settings = SettingsReader.load(folder, System.getenv(), overrides);
      format(settings.jsonLog());
      return settings;
    } catch (SettingsException e) {
      format(e.jsonLog());
      throw e;
    }
  }

  /** Before anything is logged: Logback reads its configuration, or an operator's, at once. */
  private static void format(boolean json) {
    if (json && System.getProperty(LOG_CHOICE) == null) {
      System.setProperty(LOG_CHOICE, JSON_LOG);
    }
  }

  /** Whether the log is for programs, so that nobody is told in plain text. */
  static boolean jsonLog() {
    return JSON_LOG.equals(System.getProperty(LOG_CHOICE));
  }

  /** Whether there is a ledger yet; a database server is taken to have one. */
  static boolean hasLedger(Settings settings) {
    return Database.file(settings.database().url()).map(Files::exists).orElse(true);
  }

  /** The name of this folder's node; empty if it was given none and has not run yet. */
  static Optional<String> node(Settings settings) {
    try {
      return NodeHome.name(settings.node().name(), settings.folders().data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What to say where there is no ledger: in the wrong folder this is no good news. */
  static String nothing(Settings settings) {
    return ("Nothing here: there is no ledger in %s yet. If klingdrop runs in another folder, name"
            + " it: --folder PATH.")
        .formatted(settings.folders().data());
  }

  /** The first line of the input; null if there is none. */
  static @Nullable String typed() throws IOException {
    return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
        .readLine();
  }

  /** Opens the ledger for the time of {@code work}. */
  static <T> T withDatabase(Settings settings, Function<Database, T> work) {
    var db = settings.database();
    try (var database = Database.open(db.url(), db.user(), db.password(), db.migrate())) {
      return work.apply(database);
    }
  }
}
