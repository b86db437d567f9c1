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
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The routes of {@code routes/intake.camel.yaml}, with an inbox that finds one file ready. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/intake.camel.yaml",
      "klingdrop.inbox.dir=target/intake-routes-test",
      "klingdrop.inbox.scan-period=10"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeRoutesTest {
  private static final Path FOLDER = Path.of("target/intake-routes-test");

  @BeanInject private CamelContext camel;

  @BindToRegistry("inbox")
  private final Inbox inbox = new Inbox();

  @BindToRegistry("claims")
  private final Claims claims = new Claims();

  @BindToRegistry("admission")
  private final Admission admission = new Admission();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  /** Stands for the inbox: leads are called lead.*, and it is read as often as a test wants. */
  public static final class Inbox
      implements GenericFileFilter<File>, PollingConsumerPollStrategy, ExceptionHandler {
    private final Semaphore wanted = new Semaphore(0);
    private final Semaphore read = new Semaphore(0);
    private final Semaphore refused = new Semaphore(0);
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    @Override
    public boolean accept(GenericFile<File> file) {
      return file.isDirectory() || file.getFileNameOnly().contains("lead.");
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      var isWanted = wanted.tryAcquire();
      if (!isWanted) {
        refused.release();
      }
      return isWanted;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      read.release();
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int tries, Exception cause) {
      return false;
    }

    @Override
    public void handleException(Throwable cause) {
      faults.add(cause);
    }

    @Override
    public void handleException(String message, Throwable cause) {
      faults.add(cause);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable cause) {
      faults.add(cause);
    }
  }

  /** Stands for what takes a bundle; files stay. */
  public static final class Claims {
    private final List<Path> taken = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    public Job take(GenericFile<File> lead, Exchange exchange) throws IOException {
      taken.add(FOLDER.toAbsolutePath().relativize(lead.getFile().toPath().toAbsolutePath()));
      headers.add(Map.copyOf(exchange.getMessage().getHeaders()));
      if (broken) {
        throw new IOException("no such file");
      }
      return SampleJob.in(JobState.CLAIMED);
    }
  }

  /** Stands for the checks. */
  public static final class Admission {
    private final DueWork<Job> due = new DueWork<>();
    private volatile UnaryOperator<Job> verdict = job -> job;

    public List<Job> claimDue() {
      return due.claim();
    }

    public Job admit(Job job) {
      return verdict.apply(job);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() throws Exception {
    for (var name : List.of("lead.png", "anna/lead.wav", ".lead.hidden", "anna/other.wav")) {
      Files.deleteIfExists(FOLDER.resolve(name));
    }
    MockEndpoint.resetMocks(camel);
    inbox.refused.drainPermits();
    inbox.faults.clear();
    claims.broken = false;
    claims.taken.clear();
    claims.headers.clear();
    givenBack.forget();
  }

  private void drop(String name) throws IOException {
    var file = FOLDER.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  /** Lets the inbox be read so often. */
  private void scan(int times) throws Exception {
    inbox.wanted.release(times);
    inbox.read.acquire(times);
  }

  private void admitted(UnaryOperator<Job> verdict) {
    admission.verdict = verdict;
    admission.due.add(SampleJob.in(JobState.CLAIMED));
    RouteRun.of(camel, "intake-check-bundle");
  }

  @Test
  void everyLeadOfTheInboxIsTakenAndWakesTheChecks() throws Exception {
    drop("lead.png");
    drop("anna/lead.wav");
    drop(".lead.hidden");
    drop("anna/other.wav");

    scan(1);

    assertThat(claims.taken.stream().map(Path::toString))
        .containsExactlyInAnyOrder("lead.png", "anna/lead.wav", ".lead.hidden");
    assertThat(RouteRun.sent(camel)).hasSize(3).containsOnly("ledger:check");
  }

  @Test
  void aFileThatIsStillThereIsFoundAgainAndCamelLeavesItAlone() throws Exception {
    drop("lead.png");

    scan(2);

    assertThat(claims.taken).hasSize(2);
    assertThat(FOLDER.resolve("lead.png")).hasContent("lead.png");
  }

  @Test
  void noHeaderOfCamelReachesTheClaim() throws Exception {
    drop("lead.png");

    scan(1);

    assertThat(claims.headers).containsExactly(Map.of());
  }

  @Test
  void aPollTheInboxDoesNotWantTakesNothing() throws Exception {
    drop("lead.png");

    inbox.refused.acquire(2);

    assertThat(claims.taken).isEmpty();
  }

  @Test
  void aBundleThatCannotBeTakenWakesNobodyAndIsFoundAgain() throws Exception {
    drop("lead.png");
    claims.broken = true;

    var run = RouteRun.next(camel, "intake-take-bundle", () -> inbox.wanted.release(2));
    inbox.read.acquire(2);

    assertThat(claims.taken).hasSize(2);
    assertThat(RouteRun.sent(camel)).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
    assertThat(run.ended().getException()).as("the route itself has handled it").isNull();
  }

  @Test
  void aGoodBundleWakesTheSubmission() {
    admitted(job -> SampleJob.in(JobState.READY));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:submit");
  }

  @Test
  void aBundleThatFailsItsChecksWakesTheFailureStage() {
    admitted(job -> SampleJob.failed(FailureClass.INVALID, null));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure");
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      names = {"DUPLICATE", "CANCELLED"})
  void whatEndsAtTheChecksWakesTheFailureStage(JobState state) {
    admitted(job -> SampleJob.in(state));

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure");
  }

  @Test
  void aCheckThatBreaksOffGivesTheJobBackAndWakesNobody() {
    admitted(
        job -> {
          throw new IllegalStateException("the disk is full");
        });

    assertThat(givenBack.pieces()).containsExactly(SampleJob.in(JobState.CLAIMED));
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aJobSomebodyElseHasCheckedIsLeftToThem() {
    admitted(
        job -> {
          throw new StaleJobException(job, JobState.READY);
        });

    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }
}
