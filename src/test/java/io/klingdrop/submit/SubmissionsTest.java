package io.klingdrop.submit;

import static io.klingdrop.job.FailureClass.EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.node.Membership;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.stage.StageContext;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.TestMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at in the last moment before a task is paid for. */
class SubmissionsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  @TempDir private Path folder;
  private final List<TaskRequest> paid = new ArrayList<>();
  private Optional<String> lack = Optional.empty();
  private Runnable meanwhile = () -> {};
  private CreateAnswer answer = new CreateAnswer.Accepted("task-1");
  private Consumer<Job> firstLook = job -> {};
  private Database database;
  private Ledger ledger;
  private NewJobs jobs;
  private SubmitStage stage;

  /** An account whose files travel inside the request. */
  private final class Account implements Provider {
    @Override
    public String name() {
      return "kie";
    }

    @Override
    public Optional<Uploaded> upload(Media media) {
      return Optional.empty();
    }

    @Override
    public CreateAnswer createTask(TaskRequest request) {
      paid.add(request);
      meanwhile.run();
      return answer;
    }

    @Override
    public TaskReport recordInfo(String model, String taskId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Sighting find(String model, String externalId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<BigDecimal> credit() {
      return Optional.empty();
    }

    @Override
    public String downloadUrl(String url) {
      return url;
    }
  }

  @BeforeEach
  void open() throws IOException {
    var settings = SettingsReader.load(folder, Map.of(), Map.of());
    Files.createDirectories(settings.folders().data());
    database = Database.open("jdbc:sqlite::memory:", "", "");
    ledger = new Ledger(database, () -> NOW);
    jobs = new NewJobs(database, () -> NOW);
    var providers =
        new Providers(
            List.of(
                new Providers.Account(new Account(), settings.kie(), SettableTime.standing(NOW))));
    var holder = Holder.alone(new NodeId("me"));
    var clock = SettableTime.standing(NOW);
    stage =
        SubmitStage.of(
            new StageContext(
                settings,
                Catalogue.load(List.of()),
                database,
                holder,
                Membership.alone(holder, clock),
                ledger,
                new JobClaims(database, holder, clock),
                new JobQueries(database),
                new Receipts(database, clock),
                new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
                providers,
                new Lanes(new LaneRows(database), settings.lane(), clock),
                new Callbacks(new CallbackRows(database), "", clock),
                new ObjectMapper(),
                clock),
            null,
            null,
            job -> {
              firstLook.accept(job);
              return NOW;
            },
            () -> lack);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A job whose picture lies in its work folder under a name of the place. */
  private Job ready(String name, String place) throws IOException {
    var in = Files.createDirectories(folder.resolve("work/in"));
    var picture = TestMedia.png(in.resolve(place), 320, 320, 1);
    var file = new BundleFile(Role.IMAGE, name, Hashes.sha256(picture), Files.size(picture), false);
    var job =
        Job.claimed(
            JobId.make(NOW),
            new Job.Origin("avatar", "", "host"),
            new Job.Goal("kie", "kling/v1-avatar-standard"),
            in.toString(),
            NOW,
            List.of(file));
    return jobs.checked(jobs.claimed(job, List.of(), null), "{}", "key", null, null, List.of());
  }

  private void change(String place) throws IOException {
    try (var open =
        FileChannel.open(folder.resolve("work/in").resolve(place), StandardOpenOption.WRITE)) {
      open.write(ByteBuffer.wrap(new byte[] {7}), open.size() - 1);
    }
  }

  private void assertRefused(Job job) {
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().failureClass()).isEqualTo(FailureClass.INVALID);
    assertThat(job.failure().message()).contains("changed since it was checked");
    assertThat(paid).isEmpty();
  }

  @Test
  void whatWasCheckedIsSent() throws Exception {
    var job = ready("host.png", "host.png");

    assertThat(stage.requests().makeReachable(job)).isEqualTo(job);
    assertThat(stage.submissions().createTask(job).state()).isEqualTo(JobState.RUNNING);
    assertThat(paid).hasSize(1);
  }

  @Test
  void whatChangedBeforeItsUploadIsNotUploaded() throws Exception {
    var job = ready("host.png", "host.png");
    change("host.png");

    assertThat(stage.requests().makeReachable(job)).isNull();
    assertRefused(new JobQueries(database).job(job.id()).orElseThrow());
  }

  @Test
  void whatChangedWhileItsTurnWasAwaitedIsNotPaidFor() throws Exception {
    var job = ready("host.png", "host.png");
    assertThat(stage.requests().makeReachable(job)).isEqualTo(job);
    change("host.png");

    assertRefused(stage.submissions().createTask(job));
  }

  @Test
  void aFileUnderThePlainNameOfItsPlaceIsLookedAtToo() throws Exception {
    var name = "host: 1?.png";
    var plain = PlainNames.of(name);
    var job = ready(name, plain);
    assertThat(stage.requests().makeReachable(job)).isEqualTo(job);
    change(plain);

    assertRefused(stage.submissions().createTask(job));
  }

  @Test
  void aPaidTaskIsFollowedEvenIfSomebodyChangedItsJobMeanwhile() throws Exception {
    var job = ready("host.png", "host.png");
    var queries = new JobQueries(database);
    meanwhile = () -> ledger.tryAgain(queries.job(job.id()).orElseThrow(), "odd", NOW);

    var running = stage.submissions().createTask(job);

    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(running.taskId()).isEqualTo("task-1");
    assertThat(queries.job(job.id())).contains(running);
    assertThat(notes(job)).as("the ledger has it now").isEmpty();
    assertThat(paid).hasSize(1);
  }

  @Test
  void anAnswerThatComesAfterTheCallWasGivenUpIsKept() throws Exception {
    var job = ready("host.png", "host.png");
    var queries = new JobQueries(database);
    meanwhile =
        () -> ledger.submitUnknown(queries.job(job.id()).orElseThrow(), "fell silent", false);

    var running = stage.submissions().createTask(job);

    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(running.taskId()).isEqualTo("task-1");
  }

  @Test
  void anAnswerThatComesAfterItsJobWasToBeSentAnewKeepsItFromBeingSent() throws Exception {
    var job = ready("host.png", "host.png");
    var queries = new JobQueries(database);
    meanwhile =
        () -> {
          var lost = ledger.submitUnknown(queries.job(job.id()).orElseThrow(), "silent", true);
          ledger.neverCreated(lost, "not there");
        };

    var running = stage.submissions().createTask(job);

    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(running.taskId()).isEqualTo("task-1");
    assertThat(running.attempts()).isEqualTo(1);
  }

  @Test
  void anAnswerToACallWhoseJobWentOnWithoutItIsToldAsPaid() throws Exception {
    var job = ready("host.png", "host.png");
    var queries = new JobQueries(database);
    meanwhile =
        () -> ledger.failed(queries.job(job.id()).orElseThrow(), Failure.of(EXPIRED, "odd"));

    assertThat(stage.submissions().createTask(job).state()).isEqualTo(JobState.FAILED);

    assertThat(queries.history().facts(queries.job(job.id()).orElseThrow()).attempts())
        .singleElement()
        .matches(attempt -> "task-1".equals(attempt.taskId()));
    assertThat(queries.history().timeline(job.id()))
        .last()
        .matches(event -> event.note().contains("task task-1 exists and is paid for"));
  }

  @Test
  void aPaidTaskIsOnDiskBeforeAnythingElseIsAsked() throws Exception {
    var job = ready("host.png", "host.png");
    var noted = new ArrayList<Path>();
    firstLook = accepted -> noted.addAll(notes(accepted));

    assertThat(stage.submissions().createTask(job).taskId()).isEqualTo("task-1");

    assertThat(noted)
        .extracting(Path::getFileName)
        .extracting(Path::toString)
        .containsExactly("task-id-1");
    assertThat(notes(job)).as("the ledger has it now").isEmpty();
  }

  private List<Path> notes(Job job) {
    try (var files = Files.list(folder.resolve("data/work").resolve(job.id()))) {
      return files.filter(file -> file.getFileName().toString().startsWith("task-id")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNoteThatACrashLeftIsNoneOfTheNextAttempt() throws Exception {
    var job = stage.submissions().createTask(ready("host.png", "host.png"));
    Files.writeString(folder.resolve("data/work").resolve(job.id()).resolve("task-id-1"), "task-1");
    var free = Failure.of(FailureClass.GENERATION, "no luck");
    var again = ledger.ended(job, free, 0.0, 1);
    new SpendingGate(database, () -> NOW).submitting(again, BudgetCaps.NONE);

    stage.recovery().recover();

    var recovered = new JobQueries(database).job(job.id()).orElseThrow();
    assertThat(recovered.state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
    assertThat(recovered.taskId()).isNull();
  }

  @Test
  void howeverManyWaitInALedgerFromABackupNoneIsSentByItself() throws Exception {
    var many = 1001;
    for (int n = 0; n < 2 * many; n++) {
      var job =
          jobs.claimed(
              Job.claimed(
                  "kd" + n,
                  new Job.Origin("avatar", "", "n" + n),
                  new Job.Goal("kie", "kling/v1-avatar-standard"),
                  folder.toString(),
                  NOW,
                  List.of()),
              List.of(),
              null);
      if (n % 2 == 0) {
        jobs.checked(job, "{}", "key" + n, null, null, List.of());
      }
    }
    Restored.mark(folder.resolve("data"), NOW);

    stage.recovery().recover();

    assertThat(new JobQueries(database).counts().byState())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(JobState.SUBMIT_UNKNOWN, (long) many, JobState.CANCELLED, (long) many));
    assertThat(stage.readyJobs().claimDue()).isEmpty();
  }

  @Test
  void withoutRoomForTheVideoNothingIsPaidFor() throws Exception {
    var job = ready("host.png", "host.png");
    lack = Optional.of("only 8 MiB are free");

    assertThat(stage.submissions().createTask(job).state()).isEqualTo(JobState.READY);
    assertThat(paid).isEmpty();
    assertThat(stage.readyJobs().claimDue()).isEmpty();

    lack = Optional.empty();
    assertThat(stage.readyJobs().claimDue()).hasSize(1);
  }

  @Test
  void tooManyCallsThatAreNotOursCloseTheLaneAsShared() throws Exception {
    answer = new CreateAnswer.Refused(Refusal.of(Meaning.RATE, "too many"));

    assertThat(stage.submissions().createTask(ready("host.png", "host.png")).state())
        .isEqualTo(JobState.READY);

    assertThat(new LaneRows(database).closed())
        .singleElement()
        .matches(lane -> lane.cause().equals("shared"))
        .matches(lane -> lane.sentence().contains("others use this account"));
  }
}
