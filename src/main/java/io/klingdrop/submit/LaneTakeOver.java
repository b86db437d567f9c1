package io.klingdrop.submit;

import io.klingdrop.ledger.JobHistory;
import io.klingdrop.stage.StageContext;
import java.time.Duration;

/**
 * What a node does when an account becomes its own: it sees which of its lanes the owner before has
 * closed, and counts that owner's last calls as its own, so that both together keep to the
 * account's rate. Thread-safe.
 */
record LaneTakeOver(StageContext context) {

  /** The account of that name is this node's from now on. */
  void gained(String provider) {
    context.lanes().refresh(lane -> true);
    var account = context.providers().account(provider);
    var now = context.clock().instant();
    var window = account.settings().createRate().window();
    new JobHistory(context.database())
        .submitted(provider, now.minus(window))
        .forEach(at -> account.createPace().count(Duration.between(at, now)));
  }
}
