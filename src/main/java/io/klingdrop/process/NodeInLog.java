package io.klingdrop.process;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Lets every line of the JSON log name the node that wrote it, where a ledger has several. */
public final class NodeInLog {
  /** Under which the name stands among the log's properties. */
  private static final String KEY = "klingdrop-node";

  private NodeInLog() {}

  /** From now on lines are those of that node; does nothing for a log that is not Logback's. */
  public static void name(String node) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty(KEY, node);
    }
  }
}
