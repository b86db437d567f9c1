package io.klingdrop.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.settings.Folders;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.StubbornShare;
import io.klingdrop.testing.StubbornShare.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FilingTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

  @TempDir private Path folder;
  private Folders folders;
  private Originals originals;
  private Database database;
  private Ledger ledger;
  private NewJobs jobs;
  private Filing filing;

  @BeforeEach
  void open() {
    folders =
        new Folders(
            folder.resolve("inbox"),
            folder.resolve("outbox"),
            folder.resolve("failed"),
            folder.resolve("duplicates"),
            folder.resolve("archive"),
            folder.resolve("data/work"),
            folder.resolve("data"));
    originals = new Originals(folder);
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    ledger = new Ledger(database, () -> NOW);
    jobs = new NewJobs(database, () -> NOW);
    filing = filing(folders);
  }

  private Job submitting(Job job) {
    return new SpendingGate(database, () -> NOW).submitting(job, BudgetCaps.NONE);
  }

  private Filing filing(Folders where) {
    return new Filing(
        ledger,
        new JobClaims(database, Holder.alone(new NodeId("me")), () -> NOW),
        new JobQueries(database),
        where,
        new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
        () -> NOW);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A job just taken; its files lie in its work folder, each with bytes of its own. */
  private Job taken(String subPath, String name, String... files) throws IOException {
    var id = JobId.make(NOW);
    var in = Files.createDirectories(folders.work(id).resolve("in"));
    var bundle = new ArrayList<BundleFile>();
    for (var file : files) {
      originals.dropped(Files.writeString(in.resolve(file), file + " of " + id));
      bundle.add(new BundleFile(Role.SIDECAR, file, "", 1, false));
    }
    return jobs.claimed(fresh(id, subPath, name, in, bundle), List.of(), null);
  }

  private static Job fresh(
      String id, String subPath, String name, Path home, List<BundleFile> files) {
    return Job.claimed(
        id,
        new Job.Origin("avatar", subPath, name),
        new Job.Goal("kie", "model"),
        home.toString(),
        NOW,
        files);
  }

  private Job failed(Job job) {
    return ledger.failed(job, Failure.of(FailureClass.INVALID, "the picture is no picture"));
  }

  private Job ready(Job job, String key) {
    return jobs.checked(job, "{}", key, null, null, List.of());
  }

  private Job running(Job job) {
    return ledger.accepted(submitting(ready(job, job.id())), "task-1", NOW);
  }

  private JsonNode note(String path) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(path).toFile());
  }

  private List<String> tree(String top) throws IOException {
    var root = folder.resolve(top);
    if (!Files.exists(root)) {
      return List.of();
    }
    try (var walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aFailedJobsFilesLieWithTheReasonInTheFolderOfItsClass() throws IOException {
    var job = failed(taken("week 1/day 2", "host", "host.png", "host.wav"));

    var filed = filing.keepFailed(job);

    var place = folder.resolve("failed/invalid/avatar/week 1/day 2/host");
    assertThat(filed.filed()).isTrue();
    assertThat(filed.home()).isEqualTo(place.toString());
    assertThat(tree("failed/invalid/avatar/week 1/day 2/host"))
        .containsExactly("error.json", "error.txt", "host.png", "host.wav");
    assertThat(folders.work(job.id())).doesNotExist();
    assertThat(place.resolve("error.txt"))
        .content()
        .contains("the picture is no picture", "No.", job.id());
    var note = note("failed/invalid/avatar/week 1/day 2/host/error.json");
    assertThat(note.path("job").asText()).isEqualTo(job.id());
    assertThat(note.path("class").asText()).isEqualTo("invalid");
    assertThat(note.path("charged").asText()).isEqualTo("no");
    assertThat(note.path("files")).hasSize(2);
    assertThat(note.path("at").asText()).isEqualTo("2026-11-21T10:00:00.123Z");
    originals.assertEachInExactlyOnePlace();
  }

  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void everyClassHasItsFolderItsCostAndItsNextStep(FailureClass failureClass) throws IOException {
    var job = taken("", "host", "host.png");
    var gone =
        failureClass == FailureClass.SUBMIT_UNKNOWN
            ? ledger.submitUnknown(submitting(ready(job, "key")), "reset", false)
            : ledger.failed(job, Failure.of(failureClass, "reason"));

    filing.keepFailed(gone);

    var path = "failed/" + failureClass.channel() + "/avatar/host/error.json";
    assertThat(note(path).path("charged").asText())
        .isEqualTo(failureClass.chargedByDefault().word());
    assertThat(note(path).path("nextStep").asText())
        .isEqualTo(failureClass.nextStep().replace("JOB", job.id()));
    assertThat(folder.resolve(path).resolveSibling("error.txt"))
        .content()
        .startsWith("avatar/host " + became(failureClass) + ".\n")
        .contains("More about this: docs/failures.md#" + failureClass.channel() + "\n");
    originals.assertEachInExactlyOnePlace();
  }

  /** Only of what surely has no video may a note say so. */
  private static String became(FailureClass failureClass) {
    return switch (failureClass) {
      case SUBMIT_UNKNOWN -> "may be in the making: nobody knows whether its task was created";
      case EXPIRED -> "has no video here: the provider no longer knows its task";
      case RESULT -> "was made into a video, but the video could not be fetched";
      case DELIVERY -> "was made into a video, but the video is not at every place it belongs";
      case UNPAIRED, INVALID, REJECTED, GENERATION, PROVIDER -> "was not made into a video";
    };
  }

  @ParameterizedTest
  @CsvSource({"SUBMIT_UNKNOWN, true", "DELIVERY, true", "RESULT, false", "INVALID, false"})
  void theWorkFolderStaysWhereItIsStillNeeded(FailureClass failureClass, boolean stays)
      throws IOException {
    var job = taken("", "host", "host.png");
    Files.createDirectories(folders.work(job.id()).resolve("out"));
    var gone =
        failureClass == FailureClass.SUBMIT_UNKNOWN
            ? ledger.submitUnknown(submitting(ready(job, "key")), "reset", false)
            : ledger.failed(job, Failure.of(failureClass, "reason"));

    filing.keepFailed(gone);

    assertThat(Files.exists(folders.work(job.id()).resolve("out"))).isEqualTo(stays);
  }

  @ParameterizedTest
  @CsvSource({"1", "2.part"})
  void whatHasComeOfAPaidResultIsKeptUntilTheJobIsCancelled(String came) throws IOException {
    var job = taken("", "host", "host.png");
    var out = Files.createDirectories(folders.work(job.id()).resolve("out"));
    Files.writeString(out.resolve(came), "a film");

    var filed = filing.keepFailed(ledger.failed(job, Failure.of(FailureClass.RESULT, "HTTP 410")));

    assertThat(out.resolve(came)).hasContent("a film");
    assertThat(folder.resolve("failed/result/avatar/host/error.txt"))
        .content()
        .contains("What has come:  kept in " + out + ", and not fetched again\n\nMore about this");

    filing.keepFailed(ledger.cancelled(filed, "a person"));
    assertThat(folders.work(job.id())).doesNotExist();
  }

  @Test
  void twoFailuresOfOneNameNeverShareAFolder() throws IOException {
    var first = filing.keepFailed(failed(taken("", "host", "host.png")));
    var second = filing.keepFailed(failed(taken("", "host", "host.png")));
    Files.createDirectories(folder.resolve("failed/invalid/avatar/host~3"));
    Files.writeString(folder.resolve("failed/invalid/avatar/host~4"), "a file");
    var third = filing.keepFailed(failed(taken("", "host", "host.png")));

    assertThat(List.of(first, second, third))
        .extracting(job -> Path.of(String.valueOf(job.home())).getFileName().toString())
        .containsExactly("host", "host~2", "host~5");
    originals.assertEachInExactlyOnePlace();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void aFilingThatWasCutOffFindsItsFolderAgain(int moved) throws IOException {
    filing.keepFailed(failed(taken("", "host", "other.png")));
    var job = failed(taken("", "host", "host.png", "host.wav"));
    var place = Files.createDirectories(folder.resolve("failed/invalid/avatar/host~2"));
    Files.writeString(place.resolve("error.json"), "{\"job\": \"" + job.id() + "\"}");
    for (var file : job.files().subList(0, moved)) {
      Files.move(Path.of(String.valueOf(job.home()), file.name()), place.resolve(file.name()));
    }

    filing.keepFailed(job);

    assertThat(tree("failed/invalid/avatar/host~2"))
        .containsExactly("error.json", "error.txt", "host.png", "host.wav");
    assertThat(tree("failed")).hasSize(4 + 3);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aFolderWhoseNoteNobodyCanReadIsSomebodyElses() throws IOException {
    var place = Files.createDirectories(folder.resolve("failed/invalid/avatar/host"));
    Files.writeString(place.resolve("error.json"), "half a no");

    filing.keepFailed(failed(taken("", "host", "host.png")));

    assertThat(place.resolve("error.json")).hasContent("half a no");
    assertThat(tree("failed/invalid/avatar/host~2")).hasSize(3);
  }

  @Test
  void aJobThatFailsAgainOtherwiseMovesAndTheOldFolderGoes() throws IOException {
    var job = running(taken("", "host", "host.png"));
    var first =
        filing.keepFailed(ledger.failed(job, Failure.of(FailureClass.EXPIRED, "not known")));
    var again = ledger.rechecked(first, "recheck");

    filing.keepFailed(ledger.failed(again, Failure.of(FailureClass.GENERATION, "no luck")));

    assertThat(tree("failed"))
        .containsExactly(
            "generation/avatar/host/error.json",
            "generation/avatar/host/error.txt",
            "generation/avatar/host/host.png");
    assertThat(folder.resolve("failed/expired/avatar/host")).doesNotExist();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aJobThatFailsAgainLikewiseKeepsItsFolderAndWhatLiesThere() throws IOException {
    var job = running(taken("", "host", "host.png"));
    var first =
        filing.keepFailed(ledger.failed(job, Failure.of(FailureClass.EXPIRED, "not known")));
    var mine = Files.writeString(folder.resolve("failed/expired/avatar/host/mine.doc"), "mine");
    var again = ledger.rechecked(first, "recheck");

    filing.keepFailed(ledger.failed(again, Failure.of(FailureClass.EXPIRED, "still not")));

    assertThat(mine).exists();
    assertThat(tree("failed/expired/avatar/host"))
        .containsExactly("error.json", "error.txt", "host.png", "mine.doc");
    assertThat(note("failed/expired/avatar/host/error.json").path("failMessage").asText())
        .isEqualTo("still not");
  }

  @Test
  void aFailedTreeThatBecameALinkLosesNothing() throws IOException {
    var job = running(taken("", "host", "host.png"));
    var first =
        filing.keepFailed(ledger.failed(job, Failure.of(FailureClass.EXPIRED, "not known")));
    var again = ledger.rechecked(first, "recheck");
    Files.createSymbolicLink(folder.resolve("link"), folders.failed());
    var moved =
        new Folders(
            folders.inbox(),
            folders.outbox(),
            folder.resolve("link"),
            folders.duplicates(),
            folders.archive(),
            folders.work(),
            folders.data());

    filing(moved).keepFailed(ledger.failed(again, Failure.of(FailureClass.EXPIRED, "still not")));

    assertThat(tree("failed/expired/avatar/host"))
        .containsExactly("error.json", "error.txt", "host.png");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void filingWaitsForTheShareOfItsTreeAlone() throws IOException {
    var on = new HashMap<Path, String>();
    var grounds =
        new Grounds(
            "ledger", Map.of(), (path, disk) -> {}, path -> on.getOrDefault(path, "//nas (nfs)"));
    Files.createDirectories(folders.failed());
    Files.createDirectories(folders.duplicates());
    grounds.arrive(List.of(folders.failed(), folders.duplicates()));
    var held =
        new Filing(
            ledger,
            new JobClaims(database, Holder.alone(new NodeId("me")), () -> NOW),
            new JobQueries(database),
            folders,
            grounds,
            () -> NOW);
    var failed = failed(taken("", "host", "host.png"));

    Files.delete(folders.failed().resolve(Grounds.MARK));
    on.put(folders.failed(), "/dev/sda1 (ext4)");

    assertThat(held.claimUnfiled()).isEmpty();
    assertThatThrownBy(() -> held.keepFailed(failed)).hasMessageContaining("share mounted");
    assertThat(tree("failed")).isEmpty();

    Files.createFile(folders.failed().resolve(Grounds.MARK));
    assertThat(held.claimUnfiled()).extracting(Job::id).containsExactly(failed.id());
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void filesCalledLikeOurNotesAreKeptBesideThem() throws IOException {
    var job = failed(taken("", "error", "error.png", "error.wav", "error.txt", "error.json"));

    filing.keepFailed(job);

    assertThat(note("failed/invalid/avatar/error/error.json").path("job").asText())
        .isEqualTo(job.id());
    assertThat(tree("failed/invalid/avatar/error"))
        .containsExactly(
            "error.json", "error.png", "error.txt", "error.wav", "error~2.json", "error~2.txt");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void filesThatWereRenamedOnceAreFoundAgain() throws IOException {
    var job = running(taken("", "error", "error.json", "error.txt", "a\nb.png"));
    var first =
        filing.keepFailed(ledger.failed(job, Failure.of(FailureClass.EXPIRED, "not known")));
    var again = ledger.rechecked(first, "recheck");

    filing.keepFailed(ledger.failed(again, Failure.of(FailureClass.GENERATION, "no luck")));

    assertThat(tree("failed/generation/avatar/error"))
        .containsExactly("a_b.png", "error.json", "error.txt", "error~2.json", "error~2.txt");
    assertThat(tree("failed")).hasSize(5);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aFileThatIsGoneDoesNotKeepTheOthers() throws IOException {
    var job = taken("", "host", "host.png", "host.wav");
    Files.delete(Path.of(String.valueOf(job.home()), "host.png"));

    filing.keepFailed(failed(job));

    assertThat(tree("failed/invalid/avatar/host"))
        .containsExactly("error.json", "error.txt", "host.wav");
  }

  @Test
  void hostileNamesStayInTheTree() throws IOException {
    filing.keepFailed(failed(taken("../../..", "..", "a\nb.png", "c\\d.wav")));

    assertThat(tree("failed/invalid/avatar/_/_/_/_"))
        .containsExactly("a_b.png", "c_d.wav", "error.json", "error.txt");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aCancelledJobSaysWhatItMayHaveCost() throws IOException {
    var fresh = ready(taken("", "fresh", "fresh.png"), "1");
    filing.keepFailed(ledger.cancelled(fresh, "stop"));
    filing.keepFailed(ledger.cancelled(running(taken("", "accepted", "accepted.png")), "stop"));
    var lost =
        ledger.submitUnknown(submitting(ready(taken("", "lost", "lost.png"), "2")), "reset", false);
    filing.keepFailed(ledger.cancelled(lost, "stop"));
    var sentOnce =
        ledger.submitUnknown(submitting(ready(taken("", "sent", "sent.png"), "3")), "reset", false);
    var waiting = ledger.resubmitted(sentOnce, "resubmit");
    filing.keepFailed(ledger.cancelled(waiting, "stop"));

    assertThat(cost("fresh")).isEqualTo("no");
    assertThat(cost("accepted")).isEqualTo("yes");
    assertThat(cost("lost")).isEqualTo("unknown");
    assertThat(cost("sent")).isEqualTo("unknown");
    assertThat(note("failed/cancelled/avatar/accepted/error.json").path("nextStep").asText())
        .contains("task-1", "goes on at the provider");
    originals.assertEachInExactlyOnePlace();
  }

  private String cost(String name) throws IOException {
    return note("failed/cancelled/avatar/" + name + "/error.json").path("charged").asText();
  }

  @Test
  void aDuplicateLiesWithAPointerToTheFirst() throws IOException {
    var first =
        ledger.generated(
            ledger.accepted(
                submitting(ready(taken("", "first", "first.png"), "same")), "task-1", NOW),
            List.of("https://host/1"),
            null);
    new Receipts(database, () -> NOW).keep(first.id(), "file", 1, "/outbox/avatar/first.mp4");
    var second = ready(taken("sub", "second", "second.png"), "same");
    assertThat(second.state()).isEqualTo(JobState.DUPLICATE);

    filing.keepDuplicate(second);

    assertThat(tree("duplicates/avatar/sub/second"))
        .containsExactly("duplicate.json", "second.png");
    var note = note("duplicates/avatar/sub/second/duplicate.json");
    assertThat(note.path("duplicateOf").asText()).isEqualTo(first.id());
    assertThat(note.at("/first/job").asText()).isEqualTo(first.id());
    assertThat(note.at("/first/name").asText()).isEqualTo("first");
    assertThat(note.at("/first/results/0/places/0/location").asText())
        .isEqualTo("/outbox/avatar/first.mp4");
    assertThat(note.path("charged").asText()).isEqualTo("no");
    assertThat(folders.work(second.id())).doesNotExist();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aFailedJobWithoutAReasonIsAProgrammingError() throws IOException {
    var job = taken("", "host", "host.png");

    assertThatThrownBy(() -> filing.keepFailed(job))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(job.id());

    assertThat(Path.of(String.valueOf(job.home()), "host.png")).exists();
  }

  @Test
  void theProvidersWordsStandInTheNotesOnOneLine() throws IOException {
    var failure =
        new Failure(FailureClass.REJECTED, "501", "line\none\u001b[31m", 200, Charged.YES);

    filing.keepFailed(ledger.failed(taken("", "host", "host.png"), failure));

    var note = note("failed/rejected/avatar/host/error.json");
    assertThat(note.path("failCode").asText()).isEqualTo("501");
    assertThat(note.path("failMessage").asText()).isEqualTo("line one [31m");
    assertThat(note.path("httpStatus").asInt()).isEqualTo(200);
    assertThat(note.path("charged").asText()).isEqualTo("yes");
  }

  @Test
  void noNoteHoldsACharacterThatATerminalObeys() throws IOException {
    var name = "host\u202e\u009b31m\u2028.png";
    filing.keepFailed(failed(taken("", "host", name)));
    var first = ready(taken("", "first", "first.png"), "same");
    new Receipts(database, () -> NOW).keep(first.id(), "file", 1, "/outbox/a\u202e.mp4");
    filing.keepDuplicate(ready(taken("", "second", name), "same"));

    for (var note :
        List.of(
            "failed/invalid/avatar/host/error.json", "duplicates/avatar/second/duplicate.json")) {
      assertThat(Files.readString(folder.resolve(note)).codePoints().filter(c -> c != '\n').boxed())
          .allMatch(Text::harmless);
      assertThat(note(note).at("/files/0").asText()).isEqualTo(name);
    }
  }

  @Test
  void onAShareThatRefusesTheirNamesFilesLieUnderPlainOnesAndAreFoundAgain() throws IOException {
    var share =
        StubbornShare.at(
            folders.failed(),
            Refusal.FOLDER_SYNC,
            Refusal.TIMES,
            Refusal.SIGNS,
            Refusal.DOS_NAMES,
            Refusal.LONG_NAMES);
    var stubborn =
        filing(
            new Folders(
                folders.inbox(),
                folders.outbox(),
                share,
                folders.duplicates(),
                folders.archive(),
                folders.work(),
                folders.data()));
    var job = running(taken("12:30/con.", "who?", "who?.png", "who?__1.wav", "who*__1.wav"));

    var first =
        stubborn.keepFailed(ledger.failed(job, Failure.of(FailureClass.EXPIRED, "not known")));
    var again = ledger.rechecked(first, "recheck");

    assertThat(tree("failed/expired/avatar/12_30/_con_/who_")).hasSize(5);
    assertThat(note("failed/expired/avatar/12_30/_con_/who_/error.json").path("files"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("who?.png", "who?__1.wav", "who*__1.wav");

    stubborn.keepFailed(ledger.failed(again, Failure.of(FailureClass.GENERATION, "no luck")));

    assertThat(tree("failed/generation/avatar/12_30/_con_/who_"))
        .hasSize(5)
        .contains("error.json", "error.txt");
    assertThat(tree("failed")).hasSize(5);
    originals.assertEachInExactlyOnePlace();
  }

  private Filing node(String name) {
    return new Filing(
        ledger,
        new JobClaims(database, Holder.alone(new NodeId(name)), () -> NOW),
        new JobQueries(database),
        folders,
        new Grounds(
            "ledger",
            Map.of(),
            (path, disk) -> {},
            Grounds::disk,
            Sharing.as(name),
            new Grounds.Others() {
              @Override
              public void begin(Path folder) {}

              @Override
              public boolean use(Path folder) {
                return false;
              }
            }),
        () -> NOW);
  }

  @Test
  void aNodeThatWakesAfterAnotherPutAJobAwayMakesNoSecondFolder() throws IOException {
    var job = failed(taken("", "host", "host.png", "host.wav"));
    var parent = Files.createDirectories(folder.resolve("failed/invalid/avatar"));
    // the halted one had begun a folder of its own
    var begun = Files.createDirectory(parent.resolve(Sharing.as("a").hidden(job.id())));
    Files.writeString(begun.resolve("error.json"), "{}");

    node("b").keepFailed(job);

    assertThatThrownBy(() -> node("a").keepFailed(job)).isInstanceOf(StaleJobException.class);
    assertThat(tree("failed/invalid/avatar/host"))
        .containsExactly("error.json", "error.txt", "host.png", "host.wav");
    assertThat(folder.resolve("failed/invalid/avatar/host~2")).doesNotExist();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aFolderThatAnotherNodeNamedInTheSameMomentIsTheJobsFolder() throws IOException {
    var job = failed(taken("", "host", "host.png"));
    var a = node("a");
    var b = node("b");

    Stream.of(a, b)
        .parallel()
        .forEach(
            filing -> {
              try {
                filing.keepFailed(job);
              } catch (StaleJobException | IOException e) {
                // the other was faster
              }
            });

    assertThat(tree("failed/invalid/avatar").stream().map(name -> name.split("/", 2)[0]).distinct())
        .containsExactly("host");
    originals.assertEachInExactlyOnePlace();
  }
}
