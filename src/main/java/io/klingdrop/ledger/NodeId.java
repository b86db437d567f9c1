package io.klingdrop.ledger;

import java.nio.file.Path;

/**
 * Who holds a lease: one service at its ledger.
 *
 * @param text never empty; another service at the same ledger has another
 */
public record NodeId(String text) {

  /** Refuses an empty one. */
  public NodeId {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a node has a name");
    }
  }

  /** The service whose data folder this is; the folder's lock lets only one be alive at a time. */
  public static NodeId of(Path dataFolder) {
    return new NodeId(dataFolder.toString());
  }
}
