package io.klingdrop.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's own library, which its driver unpacks into the temporary folder and loads from there. On
 * hardened machines that folder is mounted {@code noexec}; then it is unpacked beside the ledger.
 */
final class NativeSqlite {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSqlite.class);
  private static final String FOLDER = "org.sqlite.tmpdir";

  private NativeSqlite() {}

  /**
   * Loads the library; does nothing if it is there.
   *
   * @param folder the ledger's own, which exists
   * @throws IOException if it can be loaded from nowhere, with what to do
   */
  static synchronized void load(Path folder) throws IOException {
    var usual = System.getProperty(FOLDER, System.getProperty("java.io.tmpdir", ""));
    if (loads()) {
      return;
    }
    var own = folder.resolve("native");
    var before = System.getProperty(FOLDER);
    try {
      Files.createDirectories(own);
      System.setProperty(FOLDER, own.toString());
      if (loads()) {
        LOG.info("SQLite's library does not load from {}; it is taken from {}", usual, own);
        return;
      }
    } catch (IOException e) {
      LOG.debug("no folder for SQLite's library", e);
    }
    if (before == null) {
      System.clearProperty(FOLDER);
    } else {
      System.setProperty(FOLDER, before);
    }
    throw new IOException(
        ("SQLite's library can be loaded neither from %s nor from %s: both cannot be written or are"
                + " mounted noexec. Name a folder that allows programs: java -D%s=/a/folder -jar …,"
                + " or JAVA_TOOL_OPTIONS=-D%s=/a/folder")
            .formatted(usual, own, FOLDER, FOLDER));
  }

  private static boolean loads() {
    try {
      SQLiteJDBCLoader.initialize();
      return true;
    } catch (Exception | LinkageError e) {
      LOG.debug("SQLite's library does not load", e);
      return false;
    }
  }
}
