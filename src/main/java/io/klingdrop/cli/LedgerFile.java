package io.klingdrop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a SQLite ledger lies. It is copied by SQLite alone: as plain files, ledger and log would be
 * of different moments.
 *
 * @param place where the settings say, without links among its folders
 * @param real where its bytes are; another place if the file itself is a link
 */
record LedgerFile(Path place, Path real) {
  private static final List<String> BESIDE = List.of("", "-wal", "-shm", "-journal");

  /**
   * The ledger behind that path.
   *
   * @throws IOException if it is not there
   */
  static LedgerFile of(Path file) throws IOException {
    return new LedgerFile(unlinked(file.toAbsolutePath()), file.toRealPath());
  }

  private static Path unlinked(Path file) throws IOException {
    var parent = file.getParent();
    return parent == null ? file : parent.toRealPath().resolve(file.getFileName());
  }

  /** Whether that file is the ledger, or one of those that SQLite keeps beside it. */
  boolean holds(Path file) {
    return BESIDE.stream().anyMatch(tail -> isThe(file, place, tail) || isThe(file, real, tail));
  }

  private static boolean isThe(Path file, Path ledger, String tail) {
    if (!file.endsWith(ledger.getFileName() + tail)) {
      return false;
    }
    try {
      return Files.isSameFile(file.resolveSibling("."), ledger.resolveSibling("."));
    } catch (IOException e) {
      // its folder went meanwhile, with the file
      return false;
    }
  }
}
