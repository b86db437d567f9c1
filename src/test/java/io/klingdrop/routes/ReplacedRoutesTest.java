package io.klingdrop.routes;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.JobErrors;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testkit.DueWork;
import io.klingdrop.testkit.GivenBack;
import io.klingdrop.testkit.RouteRun;
import io.klingdrop.testkit.SampleJob;
import java.util.List;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A route that an operator replaced by its id does its work in the stage, with what it adds. */
@CamelMainTest(
    properties = {"klingdrop.poll.workers=1"},
    mockEndpointsAndSkip = "ledger:*")
class ReplacedRoutesTest {
  @BeanInject private CamelContext camel;

  @BindToRegistry("polls")
  private final Polls polls = new Polls();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for the stage's bean. */
  public static final class Polls {
    private final DueWork<Job> due = new DueWork<>();
    private volatile boolean broken;

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job check(Job job) {
      if (broken) {
        throw new IllegalStateException("no answer");
      }
      return SampleJob.in(JobState.GENERATED);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  private RouteRun run() {
    polls.due.add(SampleJob.in(JobState.RUNNING));
    return RouteRun.of(camel, "poll-check-task");
  }

  private MockEndpoint mock(String name) {
    return camel.getEndpoint("mock:" + name, MockEndpoint.class);
  }

  /** A file in the routes folder. */
  @Nested
  @CamelMainTest(
      properties = {
        "camel.main.routes-include-pattern=file:src/test/resources/studio/routes/*.camel.yaml"
      })
  class InTheFolder {
    @Test
    void itsStepsRunAndWhatItIntercepts() {
      var run = run();

      assertThat(RouteRun.sent(camel)).contains("dashboard", "ledger:fetch");
      assertThat(run.ended().getProperty("studio")).isEqualTo("berlin");
    }

    @Test
    void itsCompletionRuns() throws Exception {
      mock("completed").expectedMessageCount(1);

      run();

      await().until(() -> mock("completed").getReceivedCounter() == 1);
    }

    @Test
    void theErrorHandlingOfTheStageStaysItsOwn() {
      polls.broken = true;

      run();

      assertThat(givenBack.pieces()).containsExactly(SampleJob.in(JobState.RUNNING));
      assertThat(RouteRun.sent(camel)).doesNotContain("dashboard", "ledger:fetch");
    }
  }

  /** A program that has klingdrop inside. */
  @Nested
  @CamelMainTest(properties = {"camel.main.routes-include-pattern=file:routes/poll.camel.yaml"})
  class InAProgram {
    @Test
    void aRouteOfTheSameIdTakesThePlaceOfTheShippedOne() throws Exception {
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("ledger:poll?bean=polls&method=claimDue")
                  .routeId("poll-check-task")
                  .routeConfigurationId("job-errors")
                  .onCompletion()
                  .to("mock:completed")
                  .end()
                  .bean("polls", "check")
                  .to("mock:dashboard")
                  .to("ledger:fetch");
            }
          });

      run();
      run();

      assertThat(camel.getRoutes()).hasSize(1);
      assertThat(RouteRun.sent(camel))
          .filteredOn(to -> !to.equals("completed"))
          .containsExactly("dashboard", "dashboard", "ledger:fetch", "ledger:fetch");
      await().until(() -> mock("completed").getReceivedCounter() == 2);
    }

    @Test
    void aStepThatIsAddedByTheIdOfAnotherRuns() throws Exception {
      AdviceWith.adviceWith(
          camel,
          "poll-check-task",
          route -> route.weaveById("poll-wake-fetch").before().to("mock:dashboard"));

      run();

      assertThat(RouteRun.sent(camel)).containsExactly("dashboard", "ledger:fetch");
    }
  }
}
