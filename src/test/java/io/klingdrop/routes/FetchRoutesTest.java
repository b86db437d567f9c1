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

/** The route of {@code routes/fetch.camel.yaml}; what became of a download is a job's new state. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/fetch.camel.yaml",
      "camel.main.message-history=true",
      "klingdrop.fetch.workers=2"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchRoutesTest {
  private static final Job GENERATED = SampleJob.in(JobState.GENERATED);
  private static final Job FETCHED = SampleJob.in(JobState.FETCHED);

  @BeanInject private CamelContext camel;

  @BindToRegistry("fetches")
  private final Fetches fetches = new Fetches();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for the stage's bean. */
  public static final class Fetches {
    private final DueWork<Job> due = new DueWork<>();
    private volatile Download download = job -> job;

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job fetch(Job job) throws IOException {
      return download.of(job);
    }
  }

  /** What becomes of a job. */
  @FunctionalInterface
  private interface Download {
    Job of(Job job) throws IOException;
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() {
    MockEndpoint.resetMocks(camel);
    givenBack.forget();
  }

  private RouteRun became(Download download) {
    fetches.download = download;
    fetches.due.add(GENERATED);
    return RouteRun.of(camel, "fetch-download-results");
  }

  private RouteRun became(Job now) {
    return became(job -> now);
  }

  @Test
  void aFinishedTaskIsFetchedAndItsTargetsAreNamed() {
    var run = became(FETCHED);

    assertThat(run.steps()).containsSubsequence("fetch-download", "fetch-wake-targets");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:targets");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aVideoThatWasGivenUpWakesTheFailureStage() {
    became(SampleJob.failed(FailureClass.RESULT, null));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aVideoThatIsNotHereYetWakesNobody() {
    var run = became(GENERATED);

    assertThat(run.steps()).last().isEqualTo("fetch-later");
    assertThat(RouteRun.sent(camel)).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void theJobIsKeptAsAPropertyForStepsOfYourOwn() {
    var run = became(FETCHED);

    assertThat(run.ended().getProperty("job", Job.class)).isEqualTo(GENERATED);
    assertThat(run.ended().getMessage().getBody(Job.class)).isEqualTo(FETCHED);
  }

  @Test
  void aFetchThatBreaksOffGivesTheJobBackAndWakesNobody() {
    became(
        job -> {
          throw new IOException("the disk is full");
        });

    assertThat(givenBack.pieces()).containsExactly(GENERATED);
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aJobSomebodyElseHasFetchedIsLeftToThem() {
    became(
        job -> {
          throw new StaleJobException(job, JobState.FETCHED);
        });

    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }
}
