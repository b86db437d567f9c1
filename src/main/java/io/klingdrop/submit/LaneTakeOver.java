package io.klingdrop.submit;

import io.klingdrop.ledger.JobHistory;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's picture of the lanes as the ledger has it, which other nodes change, too. When an
 * account becomes its own, it counts the former owner's last calls as its own, so that both
 * together keep to the account's rate. Used by the thread that beats.
 */
final class LaneTakeOver {
  private static final Logger LOG = LoggerFactory.getLogger(LaneTakeOver.class);

  /** Lanes of others only show: they may be a few beats old. */
  private static final int SELDOM = 3;

  private final StageContext context;
  private int beats;

  LaneTakeOver(StageContext context) {
    this.context = context;
  }

  /** The account of that name is this node's from now on. */
  void gained(String provider) {
    context.lanes().refresh(provider::equals);
    var account = context.providers().account(provider);
    var now = context.clock().instant();
    var window = account.settings().createRate().window();
    new JobHistory(context.database())
        .submitted(provider, now.minus(window))
        .forEach(at -> account.createPace().count(Duration.between(at, now)));
  }

  /** Another beat: sees what people paused, and now and then which lanes of others are closed. */
  void beat() {
    try {
      context.lanes().reread();
      if (beats++ % SELDOM == 0) {
        context.lanes().refresh(provider -> !context.node().owns(provider));
      }
    } catch (LedgerException e) {
      LOG.debug("the lanes stay as they were", e);
    }
  }
}
