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
import java.util.List;
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

/**
 * The routes of {@code routes/poll.camel.yaml}; the provider's answer is a job in another state.
 */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/poll.camel.yaml",
      "camel.main.message-history=true",
      "klingdrop.poll.workers=2"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PollRoutesTest {
  @BeanInject private CamelContext camel;

  @BindToRegistry("polls")
  private final Polls polls = new Polls();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for the stage's bean. */
  public static final class Polls {
    private final DueWork<Job> due = new DueWork<>();
    private volatile UnaryOperator<Job> answer = job -> job;

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job check(Job job) {
      return answer.apply(job);
    }
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

  private RouteRun answered(UnaryOperator<Job> answer) {
    polls.answer = answer;
    polls.due.add(SampleJob.in(JobState.RUNNING));
    return RouteRun.of(camel, "poll-check-task");
  }

  private RouteRun answered(Job now) {
    return answered(asked -> now);
  }

  @Test
  void aFinishedTaskWakesTheFetch() {
    answered(SampleJob.in(JobState.GENERATED));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:fetch");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aFailedTaskWakesTheFailureStage() {
    answered(SampleJob.failed(FailureClass.GENERATION, "501"));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure");
  }

  @Test
  void aTaskThatMayBePaidForAgainIsSaidAndWaitsForItsTime() {
    var run = answered(SampleJob.in(JobState.READY));

    assertThat(run.steps()).last().isEqualTo("poll-next-attempt");
    assertThat(RouteRun.sent(camel)).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void aTaskThatGoesOnWakesNobody() {
    var run = answered(SampleJob.in(JobState.RUNNING));

    assertThat(run.steps()).last().isEqualTo("poll-goes-on");
    assertThat(RouteRun.sent(camel)).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void theJobIsKeptAsAPropertyForStepsOfYourOwn() {
    var run = answered(SampleJob.in(JobState.GENERATED));

    assertThat(run.ended().getProperty("job", Job.class).state()).isEqualTo(JobState.RUNNING);
    assertThat(run.ended().getMessage().getBody(Job.class).state()).isEqualTo(JobState.GENERATED);
  }

  @Test
  void aLookThatBreaksOffGivesTheJobBackAndWakesNobody() {
    answered(
        job -> {
          throw new IllegalStateException("no answer");
        });

    assertThat(givenBack.pieces()).containsExactly(SampleJob.in(JobState.RUNNING));
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aJobSomebodyElseHasMovedIsLeftToThem() {
    answered(
        job -> {
          throw new StaleJobException(job, JobState.GENERATED);
        });

    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }
}
