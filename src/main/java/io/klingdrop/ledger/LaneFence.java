package io.klingdrop.ledger;

import java.sql.SQLException;

/**
 * A node's right to create tasks at an account, as it was given: it holds while the lane's row
 * names this node and this epoch, and the database's clock has not passed its end. Immutable.
 */
public record LaneFence(String provider, String node, long epoch) {

  /**
   * Holds the lane's row until the transaction ends, so that it cannot be handed over meanwhile.
   *
   * @throws LaneLostException if the right has ended
   */
  void check(Transaction tx, long now) throws SQLException {
    var sql =
        "select 1 from lane_owner where provider = ? and node = ? and epoch = ? and until > ?"
            + tx.forShare();
    if (tx.first(row -> 1, sql, provider, node, epoch, now).isEmpty()) {
      throw new LaneLostException(provider);
    }
  }
}
