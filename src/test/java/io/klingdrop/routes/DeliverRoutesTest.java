package io.klingdrop.routes;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.JobErrors;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.s3.StoreException;
import io.klingdrop.s3.StoreException.Trouble;
import io.klingdrop.testkit.DueWork;
import io.klingdrop.testkit.GivenBack;
import io.klingdrop.testkit.RouteRun;
import io.klingdrop.testkit.SampleJob;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Processor;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ProcessorEndpoint;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The routes of {@code routes/deliver.camel.yaml}; the outbox is a folder, S3 a list of puts. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/deliver.camel.yaml",
      "klingdrop.deliver.workers=1",
      "klingdrop.outbox.dir=target/deliver-routes-test/outbox",
      "klingdrop.s3.bucket=videos"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliverRoutesTest {
  private static final Path OUTBOX = Path.of("target/deliver-routes-test/outbox");
  private static final Path WORK = Path.of("target/deliver-routes-test/work");
  private static final Job FETCHED = SampleJob.in(JobState.FETCHED);
  private static final Job DELIVERED = SampleJob.in(JobState.DELIVERED);
  private static final Job GIVEN_UP = SampleJob.failed(FailureClass.DELIVERY, null);

  @BeanInject private CamelContext camel;

  private final List<String> done = new CopyOnWriteArrayList<>();

  /** What the next step of that name throws. */
  private volatile String breaking = "";

  private volatile Exception with = new IOException();

  /** What a job is once its targets are named, one of them has it, or one has refused it. */
  private volatile Job named = FETCHED;

  private volatile Job arrived = DELIVERED;
  private volatile Job refused = FETCHED;

  @BindToRegistry("deliveries")
  private final Deliveries deliveries = new Deliveries();

  @BindToRegistry("outbox")
  private final Target outbox = new Target();

  @BindToRegistry("bucket")
  private final Target bucket = new Target();

  @BindToRegistry("archive")
  private final Archive archive = new Archive();

  @BindToRegistry("s3Client")
  private final Object client = "the client";

  @BindToRegistry("aws2-s3")
  private final Component s3 = new S3();

  @BindToRegistry("leases")
  private final GivenBack givenBack = new GivenBack();

  private void did(String step) throws Exception {
    done.add(step);
    if (step.startsWith(breaking) && !breaking.isEmpty()) {
      throw with;
    }
  }

  /** Stands for the stage's bean. */
  public final class Deliveries {
    private final DueWork<Job> fetched = new DueWork<>();
    private final DueWork<Shipment> forOutbox = new DueWork<>();
    private final DueWork<Shipment> forBucket = new DueWork<>();

    public List<Job> claimFetched() {
      return fetched.claim();
    }

    public List<Shipment> claimForOutbox() {
      return forOutbox.claim();
    }

    public List<Shipment> claimForBucket() {
      return forBucket.claim();
    }

    public Job open(@Body Job job) throws Exception {
      did("open");
      return named;
    }

    public void mayTryBucket() throws Exception {
      did("mayTry");
    }

    public Job arrived(@ExchangeProperty("shipment") Shipment shipment) throws Exception {
      did("arrived " + shipment.target());
      return arrived;
    }

    public Job later(
        @ExchangeProperty("shipment") Shipment shipment,
        @ExchangeProperty("CamelExceptionCaught") Exception cause) {
      // what a part of the split threw comes wrapped
      var thrown = cause instanceof CamelExchangeException ? cause.getCause() : cause;
      done.add("later " + shipment.target() + ", " + thrown.getClass().getSimpleName());
      return refused;
    }
  }

  /** One video; stands for a parcel of the outbox and of the bucket. */
  public record Parcel(String name, File file) {
    public String hiddenName() {
      return "anna/." + name + ".part";
    }

    public String key() {
      return "anna/" + name;
    }

    public String contentType() {
      return "video/mp4";
    }

    public Map<String, String> metadata() {
      return Map.of("klingdrop-job", SampleJob.ID);
    }
  }

  /** Stands for a target with two videos to go. */
  public final class Target {
    public List<Parcel> parcels(@Body Shipment shipment) throws Exception {
      did("parcels");
      return List.of(parcel("one.mp4"), parcel("two.mp4"));
    }

    private Parcel parcel(String name) throws IOException {
      return new Parcel(name, Files.writeString(WORK.resolve(name), name).toFile());
    }

    public void confirm(@Body Parcel parcel) throws Exception {
      did("confirm " + parcel.name());
    }

    public void note(@ExchangeProperty("shipment") Shipment shipment) throws Exception {
      did("note " + shipment.job().id());
    }
  }

  /** Stands for the archive. */
  public final class Archive {
    private final DueWork<Job> due = new DueWork<>();

    public List<Job> claimUnfiled() {
      return due.claim();
    }

    public void keepSources(Job job) throws Exception {
      did("archive " + job.state());
    }
  }

  /** Stands for camel-aws2-s3: remembers what is put. */
  private final class S3 extends DefaultComponent {
    S3() {
      // the options Camel would set are those of the real one
      setAutowiredEnabled(false);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String bucket, Map<String, Object> options) {
      var client = options.remove("amazonS3Client");
      Processor put =
          exchange -> {
            var message = exchange.getMessage();
            did(
                "put %s %s %s %s %s %s"
                    .formatted(
                        message.getHeader("CamelAwsS3Key"),
                        message.getHeader("CamelAwsS3ContentType"),
                        message.getHeader("CamelAwsS3Metadata"),
                        message.getBody(File.class).getName(),
                        bucket,
                        client));
          };
      return new ProcessorEndpoint(uri, this, put);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(new JobErrors(givenBack));
  }

  @BeforeEach
  void beginAnew() throws IOException {
    MockEndpoint.resetMocks(camel);
    done.clear();
    givenBack.forget();
    breaking = "";
    named = FETCHED;
    arrived = DELIVERED;
    refused = FETCHED;
    emptyOutbox();
  }

  private static void emptyOutbox() throws IOException {
    Files.createDirectories(WORK);
    Files.createDirectories(OUTBOX.resolve("anna"));
    Files.deleteIfExists(OUTBOX.resolve("anna/.one.mp4.part"));
    Files.deleteIfExists(OUTBOX.resolve("anna/.two.mp4.part"));
  }

  private void broken(String step, Exception cause) {
    breaking = step;
    with = cause;
  }

  private void opened() {
    deliveries.fetched.add(FETCHED);
    RouteRun.of(camel, "deliver-name-targets");
  }

  private void toOutbox() {
    deliveries.forOutbox.add(SampleJob.shipment("file"));
    RouteRun.of(camel, "deliver-to-outbox");
  }

  private void toBucket() {
    deliveries.forBucket.add(SampleJob.shipment("s3"));
    RouteRun.of(camel, "deliver-to-bucket");
  }

  private void archived() {
    archive.due.add(SampleJob.in(JobState.DELIVERED));
    RouteRun.of(camel, "deliver-archive-sources");
  }

  private static String put(String name) {
    return "put anna/%s video/mp4 {klingdrop-job=%s} %s videos #s3Client"
        .formatted(name, SampleJob.ID, name);
  }

  @Test
  void theTargetsOfAFetchedJobAreNamedAndWoken() {
    opened();

    assertThat(done).containsExactly("open");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:bucket", "ledger:outbox");
  }

  @Test
  void whereEveryTargetHasTheVideosAlreadyTheArchiveIsWoken() {
    named = DELIVERED;

    opened();

    assertThat(RouteRun.sent(camel)).contains("ledger:archive").doesNotContain("ledger:failure");
  }

  @Test
  void whileAnotherTargetHasToGetTheVideosNobodyIsWoken() {
    arrived = FETCHED;

    toOutbox();
    toBucket();

    assertThat(done).contains("arrived file", "arrived s3");
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void whatTheLastTargetGaveUpWakesTheFailureStage() {
    broken("parcels", new IOException("no room"));
    refused = GIVEN_UP;

    toOutbox();
    toBucket();

    assertThat(done).contains("later file, IOException", "later s3, IOException");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure", "ledger:failure");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void whereAnotherTargetWasGivenUpBeforeTheLastOneWakesTheFailureStage() {
    arrived = GIVEN_UP;

    toOutbox();

    assertThat(RouteRun.sent(camel)).containsExactly("ledger:failure");
  }

  @Test
  void theVideosAreWrittenHiddenThenConfirmedThenTheNoteThenTheReceipt() {
    toOutbox();

    assertThat(done)
        .containsExactly(
            "parcels",
            "confirm one.mp4",
            "confirm two.mp4",
            "note " + SampleJob.ID,
            "arrived file");
    assertThat(OUTBOX.resolve("anna/.one.mp4.part")).hasContent("one.mp4");
    assertThat(OUTBOX.resolve("anna/.two.mp4.part")).hasContent("two.mp4");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:archive");
    assertThat(givenBack.pieces()).isEmpty();
  }

  @Test
  void theVideosAreWrittenBeforeTheyAreConfirmed() throws IOException {
    broken("confirm one", new IOException("other bytes"));

    toOutbox();

    assertThat(OUTBOX.resolve("anna/.one.mp4.part")).hasContent("one.mp4");
    assertThat(OUTBOX.resolve("anna/.two.mp4.part")).doesNotExist();
    assertThat(done).containsExactly("parcels", "confirm one.mp4", "later file, IOException");
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void aNameThatIsTakenIsNeverWrittenOver() throws IOException {
    Files.writeString(OUTBOX.resolve("anna/.two.mp4.part"), "somebody's");

    toOutbox();

    assertThat(OUTBOX.resolve("anna/.two.mp4.part")).hasContent("somebody's");
    assertThat(done)
        .containsExactly(
            "parcels", "confirm one.mp4", "later file, GenericFileOperationFailedException");
    assertThat(RouteRun.sent(camel)).isEmpty();
    assertThat(givenBack.pieces()).isEmpty();
  }

  static Stream<Exception> whatAnOutboxThrows() {
    return Stream.of(
        new IOException("no such folder"), new GenericFileOperationFailedException("not mounted"));
  }

  @ParameterizedTest
  @MethodSource("whatAnOutboxThrows")
  void anOutboxThatRefusesIsTriedLater(Exception cause) {
    for (var step : List.of("parcels", "note")) {
      done.clear();
      broken(step, cause);

      toOutbox();

      assertThat(done).last().isEqualTo("later file, " + cause.getClass().getSimpleName());
      assertThat(done).doesNotContain("arrived file");
    }
    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void theVideosGoToTheBucketWithTheirWordsThenAreConfirmedThenTheNoteThenTheReceipt() {
    toBucket();

    assertThat(done)
        .containsExactly(
            "mayTry",
            "parcels",
            put("one.mp4"),
            "confirm one.mp4",
            put("two.mp4"),
            "confirm two.mp4",
            "note " + SampleJob.ID,
            "arrived s3");
    assertThat(RouteRun.sent(camel)).containsExactly("ledger:archive");
    assertThat(givenBack.pieces()).isEmpty();
  }

  static Stream<Exception> whatABucketThrows() {
    return Stream.of(
        new IOException("other bytes"),
        new UncheckedIOException(new IOException("connection reset")),
        new StoreException(Trouble.PLACE, "no server", new IllegalStateException()),
        new org.apache.camel.ResolveEndpointFailedException("aws2-s3:videos"));
  }

  @ParameterizedTest
  @MethodSource("whatABucketThrows")
  void aBucketThatRefusesIsTriedLater(Exception cause) {
    for (var step : List.of("mayTry", "parcels", "put", "confirm", "note")) {
      done.clear();
      broken(step, cause);

      toBucket();

      assertThat(done.get(done.size() - 2)).startsWith(step);
      assertThat(done).last().isEqualTo("later s3, " + cause.getClass().getSimpleName());
      assertThat(done).doesNotContain("arrived s3");
      if (!step.equals("note")) {
        assertThat(done).as("the first fault ends it").doesNotContain(put("two.mp4"));
      }
    }
    assertThat(givenBack.pieces()).isEmpty();
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void theSourcesOfADeliveredJobAreArchived() {
    archived();

    assertThat(done).containsExactly("archive DELIVERED");
  }

  @Test
  void anyOtherFaultGivesTheJobBackAndWakesNobody() {
    broken("", new IllegalStateException("the ledger is locked"));
    breaking = "open";
    opened();
    breaking = "archive";
    archived();

    assertThat(givenBack.pieces()).containsExactly(FETCHED, SampleJob.in(JobState.DELIVERED));
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void anyOtherFaultOfATargetGivesTheShipmentBackAndTheTargetIsNotBlamed() {
    broken("confirm", new IllegalStateException("the ledger is locked"));

    toOutbox();
    toBucket();

    // by the consumers, once their routes are over: a doTry lets no error handler see it
    await().until(() -> givenBack.pieces().size() == 2);
    assertThat(givenBack.pieces())
        .containsExactlyInAnyOrder(SampleJob.shipment("file"), SampleJob.shipment("s3"));
    assertThat(done).noneMatch(step -> step.startsWith("later") || step.startsWith("note"));
    assertThat(RouteRun.sent(camel)).isEmpty();
  }

  @Test
  void whatSomebodyElseHasDoneIsLeftToThem() throws IOException {
    with = new StaleJobException(FETCHED, JobState.DELIVERED);
    breaking = "open";
    opened();
    breaking = "arrived";
    toOutbox();
    toBucket();
    breaking = "archive";
    archived();
    assertThat(RouteRun.sent(camel)).isEmpty();

    // one worker each: what comes through now began after the others were over
    breaking = "";
    emptyOutbox();
    toOutbox();
    toBucket();
    assertThat(givenBack.pieces()).isEmpty();
    assertThat(done).noneMatch(step -> step.startsWith("later"));
  }
}
