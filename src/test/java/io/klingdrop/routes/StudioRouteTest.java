package io.klingdrop.routes;

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
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.Test;

@CamelMainTest(
    properties = "camel.main.routes-include-pattern=file:src/test/resources/studio/routes/*",
    mockEndpointsAndSkip = "ledger:*")
class StudioRouteTest {
  @BeanInject CamelContext camel;

  @BindToRegistry("polls")
  final Polls polls = new Polls();

  @BindToRegistry("leases")
  final GivenBack givenBack = new GivenBack();

  public static final class Polls {
    final DueWork<Job> due = new DueWork<>();

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job check(Job job) {
      return SampleJob.in(JobState.GENERATED);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @Test
  void aFinishedTaskIsShownOnTheDashboardAndFetched() {
    polls.due.add(SampleJob.in(JobState.RUNNING));

    RouteRun.of(camel, "poll-check-task");

    assertThat(RouteRun.sent(camel)).contains("dashboard", "ledger:fetch");
    assertThat(givenBack.pieces()).isEmpty();
  }
}
