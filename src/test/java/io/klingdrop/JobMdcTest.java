package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Every line about a job carries the job's id, and no other job's. */
class JobMdcTest {
  private static final Pattern ID = Pattern.compile("kd[0-9a-z]{16}");

  @TempDir private Path folder;
  private final Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.klingdrop");
  private final Logger routes = (Logger) LoggerFactory.getLogger("ROOT");
  private final AppenderBase<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.prepareForDeferredProcessing();
          lines.add(event);
        }
      };
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void listen() {
    listener.start();
    ours.setLevel(Level.DEBUG);
    routes.addAppender(listener);
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
    routes.detachAppender(listener);
    ours.setLevel(Level.INFO);
  }

  private void drop(String name, int seed) throws IOException {
    Files.writeString(place.inbox("avatar").resolve(name + ".txt"), name);
    TestMedia.pair(place.inbox("avatar"), name, seed);
  }

  /** Lines that name a job, by the job they carry; each must carry one it names. */
  private Set<String> judged() {
    var told = new HashSet<String>();
    for (var line : lines) {
      var named = new HashSet<String>();
      var id = ID.matcher(line.getFormattedMessage());
      while (id.find()) {
        named.add(id.group());
      }
      var carried = line.getMDCPropertyMap().get(JobLog.KEY);
      if (!named.isEmpty()) {
        assertThat(named).as(line.toString()).contains(String.valueOf(carried));
        told.add(carried);
      }
    }
    return told;
  }

  private List<String> linesOf(String job) {
    return lines.stream()
        .filter(line -> job.equals(line.getMDCPropertyMap().get(JobLog.KEY)))
        .map(ILoggingEvent::getLoggerName)
        .map(name -> name.replace("io.klingdrop.", ""))
        .distinct()
        .toList();
  }

  @Test
  void everyLineAboutAJobCarriesItsId() throws Exception {
    place
        .set("klingdrop.webhook.url", "http://127.0.0.1:" + Http.freePort() + "/")
        .set("klingdrop.webhook.secret", "whsec_bm90IGEgc2VjcmV0IGF0IGFsbCwgYSB0ZXN0");
    kie.plan().when(Call.promptContains("broken")).always(TaskPlan.fails("501", "failed"));
    kie.on(Endpoint.CREATE_TASK).when(Call.promptContains("lost")).always(Faults.acceptThenReset());
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("busy"))
        .next(Answers.envelope(500, "Internal Error, Please try again"));
    for (int i = 0; i < 3; i++) {
      drop("good" + i, i);
    }
    drop("broken", 10);
    drop("lost", 11);
    drop("busy", 12);
    Files.writeString(place.inbox("avatar").resolve("wrong.png"), "no picture");
    TestMedia.wav(place.inbox("avatar").resolve("wrong.wav"), TestMedia.VOICE_LENGTH, 13);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 4);
    place.awaitJobs(JobState.FAILED, 2);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    place.await(() -> place.jobs().stream().allMatch(Job::filed));
    Files.writeString(place.inbox("avatar").resolve("again.txt"), "good0");
    TestMedia.pair(place.inbox("avatar"), "again", 0);
    place.awaitJobs(JobState.DUPLICATE, 1);
    place.await(() -> place.jobs().stream().allMatch(Job::filed));
    place.await(() -> lines.stream().anyMatch(l -> l.getLoggerName().endsWith("Webhook")));
    place.close();

    assertThat(judged())
        .containsAll(place.jobs().stream().map(Job::id).collect(Collectors.toSet()));
    assertThat(linesOf(place.job("good1").id()))
        .contains("intake.BundleTaker", "submit.Submissions", "poll.Polls", "deliver.Deliveries");
    assertThat(linesOf(place.job("wrong").id())).contains("failure.Filing");
    assertThat(linesOf(place.job("lost").id())).contains("failure.Filing", "failure-raise-alarm");
  }

  @Test
  void whatAStartFindsCarriesTheIdToo() throws Exception {
    drop("cut", 1);
    kie.on(Endpoint.CREATE_TASK).always(Answers.envelope(455, "maintenance"));
    place.start();
    place.awaitJobs(JobState.READY, 1);
    place.close();
    lines.clear();
    place.submitting(place.onlyJob().id());
    place.start();
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    place.close();
    assertThat(judged()).containsExactly(place.onlyJob().id());
    assertThat(linesOf(place.onlyJob().id())).contains("submit.SubmitRecovery");
  }

  @Test
  void aLineWithoutAJobCarriesNone() throws Exception {
    drop("waits", 1);
    kie.useKey("another");
    place.start();
    place.await(() -> lines.stream().anyMatch(l -> l.getMessage().startsWith("lane closed")));
    place.close();
    assertThat(
            lines.stream()
                .filter(line -> line.getFormattedMessage().startsWith("klingdrop ready"))
                .map(line -> line.getMDCPropertyMap().get(JobLog.KEY)))
        .containsOnlyNulls()
        .isNotEmpty();
  }
}
