package io.klingdrop.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.JobErrors;
import io.klingdrop.camel.JobHeaders;
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
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The routes of {@code routes/failure.camel.yaml}: where each way to end leads to. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/failure.camel.yaml",
      "camel.main.message-history=true"
    })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureRoutesTest {
  @BeanInject private CamelContext camel;

  @BindToRegistry("jobHeaders")
  private final JobHeaders headers = new JobHeaders();

  @BindToRegistry("filing")
  private final Filing filing = new Filing();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for what puts files away. */
  public static final class Filing {
    private final DueWork<Job> due = new DueWork<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private volatile boolean broken;
    private volatile boolean stale;

    public List<Job> claimUnfiled() {
      return due.claim();
    }

    public Job keepFailed(Job job) throws IOException {
      return kept("failed", job);
    }

    public Job keepDuplicate(Job job) throws IOException {
      return kept("duplicate", job);
    }

    private Job kept(String as, Job job) throws IOException {
      if (broken) {
        throw new IOException("no room");
      }
      if (stale) {
        throw new StaleJobException(job, job.state());
      }
      done.add(as + " " + job.state());
      return job;
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() {
    filing.done.clear();
    filing.broken = false;
    filing.stale = false;
    givenBack.forget();
  }

  private RouteRun ended(Job job) {
    filing.due.add(job);
    return RouteRun.of(camel, "failure-route-outcome");
  }

  @Test
  void aDuplicateIsPutAwayAsOneWithoutAnAlarm() {
    var run = ended(SampleJob.in(JobState.DUPLICATE));

    assertThat(filing.done).containsExactly("duplicate DUPLICATE");
    assertThat(run.steps()).doesNotContain("failure-by-class");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aCancelledJobIsPutAwayWithoutAnAlarm() {
    var run = ended(SampleJob.in(JobState.CANCELLED));

    assertThat(filing.done).containsExactly("failed CANCELLED");
    assertThat(run.steps()).contains("failure-to-cancelled").doesNotContain("failure-by-class");
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureClass.class,
      names = {"SUBMIT_UNKNOWN", "RESULT", "DELIVERY", "EXPIRED"})
  void whereMoneyIsAtStakeAnAlarmIsRaisedOnceBeforeTheFilesAreKept(FailureClass failureClass) {
    var run = ended(SampleJob.failed(failureClass, null));

    assertThat(run.steps())
        .containsSubsequence("failure-by-class", "failure-alarm", "failure-keep")
        .containsOnlyOnce("failure-alarm", "failure-keep");
    assertThat(filing.done).containsExactly("failed FAILED");
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureClass.class,
      mode = Mode.EXCLUDE,
      names = {"SUBMIT_UNKNOWN", "RESULT", "DELIVERY", "EXPIRED"})
  void anyOtherClassIsKeptWithoutAnAlarm(FailureClass failureClass) {
    var run = ended(SampleJob.failed(failureClass, "500"));

    assertThat(run.steps())
        .doesNotContain("failure-alarm", "failure-note-501")
        .containsSubsequence("failure-keep-other", "failure-keep");
    assertThat(filing.done).containsExactly("failed FAILED");
  }

  @Test
  void aGenerationThatFailedAtTheProviderIsSaid() {
    var run = ended(SampleJob.failed(FailureClass.GENERATION, "501"));

    assertThat(run.steps())
        .doesNotContain("failure-alarm")
        .containsSubsequence("failure-note-501", "failure-keep-501", "failure-keep");
    assertThat(filing.done).containsExactly("failed FAILED");
  }

  @Test
  void a501WithMoneyAtStakeRaisesTheAlarm() {
    var run = ended(SampleJob.failed(FailureClass.RESULT, "501"));

    assertThat(run.steps()).contains("failure-alarm").doesNotContain("failure-note-501");
  }

  @Test
  void routersFindTheJobInTheHeaders() {
    var message = ended(SampleJob.failed(FailureClass.REJECTED, "422")).ended().getMessage();

    assertThat(message.getHeaders())
        .containsEntry("KlingdropJobId", SampleJob.ID)
        .containsEntry("KlingdropState", "FAILED")
        .containsEntry("KlingdropFailClass", "rejected")
        .containsEntry("KlingdropFailCode", "422");
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      names = {"DUPLICATE", "CANCELLED", "SUBMIT_UNKNOWN"})
  void filesThatCannotBeKeptAreKeptLater(JobState state) {
    filing.broken = true;

    ended(SampleJob.in(state));

    assertThat(filing.done).isEmpty();
    assertThat(givenBack.pieces()).as("once").containsExactly(SampleJob.in(state));
  }

  @Test
  void afterAnAlarmFilesThatCannotBeKeptAreKeptLater() {
    var job = SampleJob.failed(FailureClass.RESULT, null);
    filing.broken = true;

    ended(job);

    assertThat(givenBack.pieces()).as("once").containsExactly(job);
  }

  @Test
  void aJobSomebodyElseHasPutAwayIsLeftToThem() {
    filing.stale = true;

    ended(SampleJob.failed(FailureClass.PROVIDER, null));

    assertThat(filing.done).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureClass.class,
      names = {"RESULT", "INVALID"})
  void theInnerRoutersCanBeCalledByRoutesOfYourOwn(FailureClass failureClass) {
    var job = SampleJob.failed(failureClass, null);
    try (var messages = camel.createProducerTemplate()) {
      messages.sendBodyAndHeader(
          "direct:failure-route-class", job, "KlingdropFailClass", failureClass.channel());
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    assertThat(filing.done).containsExactly("failed FAILED");
  }

  @Test
  void aCallerWithoutThePropertyGetsTheJobInTheBodyBackToTheLedger() throws Exception {
    filing.broken = true;
    var job = SampleJob.in(JobState.CANCELLED);
    try (var messages = camel.createProducerTemplate()) {
      messages.sendBody("direct:failure-keep-files", job);
    }

    assertThat(givenBack.pieces()).containsExactly(job);
  }
}
