package io.klingdrop.ledger;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's own library. Left alone, its driver unpacks it at each start into the temporary folder,
 * where every kill leaves one behind, and compares it byte by byte; on hardened machines that
 * folder is mounted {@code noexec} as well. So it is kept beside the ledger, and the driver's way
 * is taken where that does not load.
 */
final class NativeSqlite {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSqlite.class);
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private NativeSqlite() {}

  /**
   * Loads the library; does nothing if it is there.
   *
   * @param ledger the ledger's file, whose folder exists
   * @throws IOException if it can be loaded from nowhere, with what to do
   */
  static synchronized void load(Path ledger) throws IOException {
    var own = ledger.resolveSibling("native");
    if ((System.getProperty(PATH) == null && loadsFrom(own)) || loads()) {
      return;
    }
    throw new IOException(
        ("SQLite's library can be loaded neither from %s nor from %s: both cannot be written or are"
                + " mounted noexec. Name a folder that allows programs: java -D%s=/a/folder -jar …,"
                + " or JAVA_TOOL_OPTIONS=-D%s=/a/folder")
            .formatted(
                own,
                System.getProperty(TEMPORARY, System.getProperty("java.io.tmpdir", "")),
                TEMPORARY,
                TEMPORARY));
  }

  private static boolean loadsFrom(Path own) {
    try {
      var library = unpacked(own);
      System.setProperty(PATH, own.toString());
      System.setProperty(NAME, library.getFileName().toString());
      return loads();
    } catch (IOException e) {
      LOG.debug("no folder for SQLite's library", e);
      return false;
    } finally {
      System.clearProperty(PATH);
      System.clearProperty(NAME);
    }
  }

  /** The library as a file of that folder, made anew unless it is there byte for byte. */
  private static Path unpacked(Path own) throws IOException {
    var resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (var in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the driver has no library for this system: " + resource);
      }
      var bytes = in.readAllBytes();
      var library = own.resolve(resource.replaceFirst(".*/native/", "").replace('/', '-'));
      if (!Files.isRegularFile(library) || !Arrays.equals(Files.readAllBytes(library), bytes)) {
        Private.folder(own);
        var part = Files.createTempFile(own, "unpacking", null);
        Files.write(part, bytes);
        Files.move(
            part, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      return library;
    }
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
