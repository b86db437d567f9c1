package io.klingdrop.app;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quartz.JobBuilder.newJob;
import static org.quartz.SimpleScheduleBuilder.simpleSchedule;
import static org.quartz.TriggerBuilder.newTrigger;

import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;

class HeartbeatsTest {
  private static final AtomicInteger BEATS = new AtomicInteger();

  /** One beat. */
  public static final class Beat implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      BEATS.incrementAndGet();
    }
  }

  /** What a trigger looks like after its clock was set back: its next time is two hours away. */
  @Test
  void aHeartbeatWhoseNextTimeLiesHoursAheadBeatsAgain() throws Exception {
    var properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "heartbeats-test");
    properties.setProperty("org.quartz.threadPool.threadCount", "1");
    var scheduler = new StdSchedulerFactory(properties).getScheduler();
    try {
      scheduler.scheduleJob(
          newJob(Beat.class).build(),
          newTrigger()
              .startAt(Date.from(Instant.now().plus(Duration.ofHours(2))))
              .withSchedule(simpleSchedule().withIntervalInMilliseconds(20).repeatForever())
              .build());
      scheduler.start();
      Heartbeats.restart(scheduler);
      for (var key : scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
        assertThat(scheduler.getTrigger(key).getNextFireTime())
            .isBefore(Instant.now().plus(Duration.ofHours(1)));
      }
      await().until(() -> BEATS.get() >= 3);
    } finally {
      scheduler.shutdown(true);
    }
  }

  @Test
  void theBeatsOfTheServiceBeginAnewWhenItsTimeAndTheMachinesHaveParted(@TempDir Path folder)
      throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      var http = place.http();
      place.set("klingdrop.poll.heartbeat", "1h").start().awaitHttp(http);
      var scheduler = ofTheService();
      var before = starts(scheduler);

      place.time().turn(Duration.ofHours(2));
      for (var thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("heartbeats")) {
          thread.join();
        }
      }

      assertThat(starts(scheduler)).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    }
  }

  private static Scheduler ofTheService() throws SchedulerException {
    for (var scheduler : SchedulerRepository.getInstance().lookupAll()) {
      if (scheduler.getSchedulerName().startsWith("klingdrop")) {
        return scheduler;
      }
    }
    throw new AssertionError("the service has no heartbeats");
  }

  /** Since when each of its triggers counts. */
  private static List<Date> starts(Scheduler scheduler) throws SchedulerException {
    var starts = new ArrayList<Date>();
    for (var key : scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
      starts.add(scheduler.getTrigger(key).getStartTime());
    }
    assertThat(starts).isNotEmpty();
    return starts;
  }
}
