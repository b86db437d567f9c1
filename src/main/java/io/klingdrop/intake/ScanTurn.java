package io.klingdrop.intake;

import io.klingdrop.node.Membership;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether it is this node's turn to read the inbox. At the beginning of its turn it finishes what
 * the nodes before it have begun there. Asked by the scanning thread only.
 */
final class ScanTurn {
  private static final Logger LOG = LoggerFactory.getLogger(ScanTurn.class);
  private static final String LEASE = "scan:inbox";

  /** Finishes what other nodes began. */
  @FunctionalInterface
  interface Recovery {
    void fromOthers() throws IOException;
  }

  private final Membership node;
  private final Recovery recovery;
  private boolean mine;

  ScanTurn(Membership node, Recovery recovery) {
    this.node = node;
    this.recovery = recovery;
  }

  /** Whether the inbox may be read now, and files may be taken out of it. */
  boolean mine() {
    var now = node.does(LEASE);
    if (now && !mine && node.shared()) {
      LOG.info("node {} reads the inbox from now on", node.name());
      try {
        recovery.fromOthers();
      } catch (IOException | RuntimeException e) {
        LOG.error(
            "what other nodes began in the inbox is not finished yet: {}. It is tried again at the"
                + " next scan; no file is lost.",
            e.toString());
        return false;
      }
    }
    mine = now;
    return now;
  }
}
