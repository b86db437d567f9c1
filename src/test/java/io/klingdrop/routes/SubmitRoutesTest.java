package io.klingdrop.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.JobErrors;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.testkit.DueWork;
import io.klingdrop.testkit.GivenBack;
import io.klingdrop.testkit.RouteRun;
import io.klingdrop.testkit.SampleJob;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The routes of {@code routes/submit.camel.yaml}: what happens in which order, and how often. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/submit.camel.yaml",
      "camel.main.message-history=true",
      "klingdrop.submit.workers=2"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubmitRoutesTest {
  private static final Job READY = SampleJob.in(JobState.READY);

  @BeanInject private CamelContext camel;

  private final List<String> done = new CopyOnWriteArrayList<>();

  @BindToRegistry("requests")
  private final Requests requests = new Requests();

  @BindToRegistry("readyJobs")
  private final ReadyJobs readyJobs = new ReadyJobs();

  @BindToRegistry("submissions")
  private final Submissions submissions = new Submissions();

  @BindToRegistry("lookups")
  private final Lookups lookups = new Lookups();

  @BindToRegistry("bucketMedia")
  private final BucketMedia bucketMedia = new BucketMedia();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** What a step does with a job; null stands for a job that is put off. */
  private interface Step {
    Job with(Job job) throws IOException;
  }

  /** Stands for the uploads. */
  public final class Requests {
    private volatile Step upload = job -> job;

    public Job makeReachable(Job job) throws IOException {
      done.add("upload");
      return upload.with(job);
    }
  }

  /** Stands for the jobs whose turn has come. */
  public final class ReadyJobs {
    private final DueWork<Job> due = new DueWork<>();

    public List<Job> claimDue() {
      return due.claim();
    }
  }

  /** Stands for createTask. */
  public final class Submissions {
    private volatile Step create = job -> job;

    public Job createTask(Job job) throws IOException {
      done.add("createTask");
      return create.with(job);
    }
  }

  /** Stands for the search for tasks whose answer was lost. */
  public final class Lookups {
    private final DueWork<Job> due = new DueWork<>();
    private volatile UnaryOperator<Job> found = job -> job;

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job look(Job job) {
      done.add("look");
      return found.apply(job);
    }
  }

  /** Stands for media in the bucket; here they are words. */
  public final class BucketMedia {
    private final DueWork<String> due = new DueWork<>();
    private volatile boolean broken;

    public List<String> unread() {
      return due.claim();
    }

    public void remove(String media) {
      done.add("remove " + media);
      if (broken) {
        throw new IllegalStateException("no bucket");
      }
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() {
    MockEndpoint.resetMocks(camel);
    done.clear();
    givenBack.forget();
    requests.upload = job -> job;
    submissions.create = job -> SampleJob.in(JobState.RUNNING);
    bucketMedia.broken = false;
  }

  private RouteRun submitted() {
    readyJobs.due.add(READY);
    return RouteRun.of(camel, "submit-job");
  }

  @Test
  void aReadyJobIsUploadedThenSubmittedOnceAndMoreMayGo() {
    var run = submitted();

    assertThat(done).containsExactly("upload", "createTask");
    assertThat(run.steps())
        .containsSubsequence("submit-create-task", "submit-wake-more", "submit-wake-failure");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure", "ledger:submit");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aRefusedJobWakesTheFailureStage() {
    submissions.create = job -> SampleJob.failed(FailureClass.REJECTED, "422");

    submitted();

    assertThat(RouteRun.sent(camel)).contains("ledger:failure");
  }

  @Test
  void aJobThatIsPutOffIsNeverSubmitted() {
    requests.upload = job -> null;

    var run = submitted();

    assertThat(done).containsExactly("upload");
    assertThat(run.steps()).contains("submit-put-off").last().isEqualTo("submit-wake-failure");
    assertThat(RouteRun.sent(camel))
        .as("it may have failed before createTask")
        .containsExactly("ledger:failure");
  }

  @Test
  void anUploadThatBreaksOffGivesTheJobBackUnpaid() {
    requests.upload =
        job -> {
          throw new IOException("connection reset");
        };

    submitted();

    assertThat(done).containsExactly("upload");
    assertThat(givenBack.pieces()).containsExactly(READY);
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aCreateTaskThatBreaksOffIsNotRepeatedByTheRoute() {
    submissions.create =
        job -> {
          throw new IllegalStateException("the ledger is locked");
        };

    submitted();

    assertThat(done).containsExactly("upload", "createTask");
    assertThat(givenBack.pieces()).containsExactly(READY);
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aJobSomebodyElseSubmitsIsLeftToThem() {
    submissions.create =
        job -> {
          throw new StaleJobException(job, JobState.SUBMITTING);
        };

    submitted();

    assertThat(done).containsExactly("upload", "createTask");
    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  private void looked(UnaryOperator<Job> found) {
    lookups.found = found;
    lookups.due.add(SampleJob.in(JobState.SUBMIT_UNKNOWN));
    RouteRun.of(camel, "submit-look-for-task");
  }

  @Test
  void aLostTaskIsLookedForAndNothingIsCreated() {
    looked(job -> SampleJob.in(JobState.RUNNING));

    assertThat(done).containsExactly("look");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aSearchThatBreaksOffGivesTheJobBack() {
    looked(
        job -> {
          throw new IllegalStateException("no answer");
        });

    assertThat(givenBack.pieces()).containsExactly(SampleJob.in(JobState.SUBMIT_UNKNOWN));
  }

  @Test
  void aSearchThatSomebodyElseHasEndedIsLeftToThem() {
    looked(
        job -> {
          throw new StaleJobException(job, JobState.RUNNING);
        });

    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void unreadMediaAreRemoved() {
    bucketMedia.due.add("voice");

    var run = RouteRun.of(camel, "submit-sweep-media");

    assertThat(done).containsExactly("remove voice");
    assertThat(run.ended().getProperty("media")).isEqualTo("voice");
  }

  @Test
  void mediaThatStayAreNobodysJobAndTheNextOnesAreRemoved() {
    bucketMedia.broken = true;
    bucketMedia.due.add("voice");
    RouteRun.of(camel, "submit-sweep-media");
    bucketMedia.broken = false;
    bucketMedia.due.add("picture");

    RouteRun.of(camel, "submit-sweep-media");

    assertThat(done).containsExactly("remove voice", "remove picture");
    assertThat(givenBack.pieces()).isEmpty();
  }
}
