package io.klingdrop.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Settings;
import org.slf4j.LoggerFactory;

/**
 * Loads on a second processor what the start needs a moment later: the database driver's native
 * library and the formats of dates and numbers. The start does not wait for it and does not depend
 * on it; a fault shows where the thing is used.
 */
public final class HeadStart {

  private HeadStart() {}

  /** Begins, and returns at once. */
  public static void begin(Settings settings) {
    // two threads that log before the logger is made are told off on standard error
    LoggerFactory.getILoggerFactory();
    var thread = new Thread(() -> load(settings), "head-start");
    thread.setDaemon(true);
    thread.start();
  }

  private static void load(Settings settings) {
    Database.loadDriver(settings.database().url());
    new ObjectMapper();
  }
}
