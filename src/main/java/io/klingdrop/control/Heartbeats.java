package io.klingdrop.control;

import java.util.Date;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The quartz triggers of all stages, which count by the clock of the machine. */
final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private Heartbeats() {}

  /** Begins all of them anew: their next time may lie as far ahead as the clock was set back. */
  @SuppressWarnings("JavaUtilDate") // what Quartz takes
  static void restart(Scheduler scheduler) {
    try {
      for (var key : scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
        var trigger = scheduler.getTrigger(key);
        if (trigger != null) {
          scheduler.rescheduleJob(key, trigger.getTriggerBuilder().startAt(new Date()).build());
        }
      }
      LOG.info("the heartbeats of all stages begin anew");
    } catch (SchedulerException e) {
      LOG.error(
          "the heartbeats cannot begin anew ({}): start klingdrop again, or jobs wait until the"
              + " clock has caught up. Nothing is lost.",
          e.toString());
    }
  }
}
