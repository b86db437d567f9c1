package io.klingdrop.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.JobErrors;
import io.klingdrop.job.JobState;
import io.klingdrop.testkit.DueWork;
import io.klingdrop.testkit.GivenBack;
import io.klingdrop.testkit.RouteRun;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The routes of {@code routes/callback.camel.yaml}: whom a callback wakes. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/callback.camel.yaml",
      "camel.main.message-history=true"
    })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallbackRoutesTest {
  @BeanInject private CamelContext camel;

  @BindToRegistry("callbackHandler")
  private final Handler handler = new Handler();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for what notes callbacks and asks the provider about lost tasks. */
  public static final class Handler {
    private final DueWork<String> due = new DueWork<>();
    private final List<Object> noted = new CopyOnWriteArrayList<>();
    private final List<String> looked = new CopyOnWriteArrayList<>();
    private volatile @Nullable JobState state = JobState.RUNNING;
    private volatile boolean broken;

    public @Nullable JobState note(Object callback) {
      noted.add(callback);
      return state;
    }

    public List<String> lostButTold() {
      return due.claim();
    }

    public void look(String address) {
      if (broken) {
        throw new IllegalStateException("the database is locked");
      }
      looked.add(address);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() {
    handler.noted.clear();
    handler.looked.clear();
    handler.broken = false;
    givenBack.forget();
  }

  private List<String> stepsOf(JobState state) {
    handler.state = state;
    return RouteRun.next(
            camel,
            "callback-take",
            () -> camel.createProducerTemplate().sendBody("direct:callback-take", "callback"))
        .steps();
  }

  @Test
  void aCallbackOfATaskThatRunsWakesThePolling() {
    assertThat(stepsOf(JobState.RUNNING))
        .containsSubsequence("callback-note", "callback-wake-poll")
        .doesNotContain("callback-wake-finder");
    assertThat(handler.noted).containsExactly("callback");
  }

  @Test
  void aCallbackOfALostAnswerWakesTheFinder() {
    assertThat(stepsOf(JobState.SUBMIT_UNKNOWN))
        .containsSubsequence("callback-note", "callback-wake-finder")
        .doesNotContain("callback-wake-poll");
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      mode = Mode.EXCLUDE,
      names = {"RUNNING", "SUBMIT_UNKNOWN"})
  void anyOtherIsOnlyNoted(JobState state) {
    assertThat(stepsOf(state))
        .contains("callback-nothing-to-do")
        .doesNotContain("callback-wake-poll", "callback-wake-finder");
    assertThat(handler.noted).containsExactly("callback");
  }

  @Test
  void theAnswerSaysWhetherItWasWrittenDown() {
    handler.state = JobState.DELIVERED;
    var messages = camel.createProducerTemplate();
    assertThat(messages.requestBody("direct:callback-take", "callback"))
        .isEqualTo(JobState.DELIVERED);

    handler.state = null;
    assertThat(messages.requestBody("direct:callback-take", "callback")).isNull();
  }

  @Test
  void aLostTaskThatACallbackNamedIsLookedForThenItsJobIsFollowed() {
    handler.due.add("address");

    var run = RouteRun.of(camel, "callback-find-lost-task");

    assertThat(handler.looked).containsExactly("address");
    assertThat(run.steps()).containsSubsequence("callback-look", "callback-wake-follower");
  }

  @Test
  void aLookThatFailsStopsNobody() {
    handler.broken = true;
    handler.due.add("address");
    var run = RouteRun.of(camel, "callback-find-lost-task");
    assertThat(run.steps()).doesNotContain("callback-wake-follower");

    handler.broken = false;
    handler.due.add("next");
    RouteRun.of(camel, "callback-find-lost-task");
    assertThat(handler.looked).containsExactly("next");
  }
}
