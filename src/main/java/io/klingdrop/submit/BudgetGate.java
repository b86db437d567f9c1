package io.klingdrop.submit;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.LaneLostException;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.stage.StageContext;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caps on what may be spent in a day. A job the money does not reach for stays ready; the log
 * says so once a day for each profile. Thread-safe.
 */
final class BudgetGate {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetGate.class);

  private final StageContext context;
  private final SpendingGate gate;
  private final BudgetCaps caps;
  private final Set<Notice> told = ConcurrentHashMap.newKeySet();

  private record Notice(LocalDate day, String profile, boolean priced) {}

  BudgetGate(StageContext context) {
    this.context = context;
    this.gate = new SpendingGate(context.database(), context.clock());
    this.caps = BudgetCaps.of(context.settings(), context.catalogue());
  }

  /** Those of the claimed jobs the money of the day reaches for; the others wait from now on. */
  List<Job> affordable(List<Job> claimed) {
    var affordable = gate.affordable(claimed, caps);
    claimed.stream().filter(job -> !affordable.contains(job)).forEach(this::tell);
    return affordable;
  }

  /**
   * Sets the money aside and makes the job SUBMITTING; it stays READY if there is not enough.
   *
   * @throws LaneLostException if the account is another node's by now
   */
  Job submitting(Job ready) {
    var after = gate.submitting(ready, caps, context.node().fence(ready.provider()));
    if (after.state() == JobState.READY) {
      tell(ready);
    }
    return after;
  }

  /** Makes waiting jobs due again for which there is money by now. */
  void wake() {
    gate.wakeHeld(caps);
  }

  private void tell(Job job) {
    var today = LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
    if (told.add(new Notice(today, job.profile(), job.cost().estimate() != null))) {
      var reason = context.queries().history().held(job.id());
      var others = "{}: {}. Others of profile {} may wait as well; nothing is lost.";
      reason.ifPresent(
          why -> JobLog.about(job.id(), () -> LOG.warn(others, job.label(), why, job.profile())));
    }
  }
}
