package io.klingdrop.deliver;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.ChosenNames;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.settings.Folders;
import io.klingdrop.testing.StubbornShare;
import io.klingdrop.testing.StubbornShare.Refusal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in the outbox, receipts, and doing it all again. Camel's part is done by hand here. */
class OutboxTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Folders folders;
  private Path out;
  private Database database;
  private Ledger ledger;
  private NewJobs jobs;
  private Receipts receipts;
  private Outbox outbox;
  private Grounds grounds = new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk);

  @BeforeEach
  void open() throws IOException {
    folders =
        new Folders(
            folder.resolve("inbox"),
            folder.resolve("outbox"),
            folder.resolve("failed"),
            folder.resolve("duplicates"),
            folder.resolve("archive"),
            folder.resolve("data/work"),
            folder.resolve("data"));
    out = Files.createDirectories(folders.outbox().resolve("avatar"));
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    ledger = new Ledger(database, () -> NOW);
    jobs = new NewJobs(database, () -> NOW);
    receipts = new Receipts(database, () -> NOW);
    outbox = restarted();
  }

  /** What a new process would have. */
  private Outbox restarted() {
    return new Outbox(folders, receipts, new JobQueries(database), grounds, null, () -> NOW);
  }

  private Job submitting(Job job) {
    return new SpendingGate(database, () -> NOW).submitting(job, BudgetCaps.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A fetched job in the ledger whose films, of these words, are in its work folder. */
  private Job fetched(String subPath, String name, String... films) throws IOException {
    return fetched(subPath, name, List.of(), films);
  }

  private Job fetched(String subPath, String name, List<String> odd, String... films)
      throws IOException {
    var job = jobs.claimed(fresh(subPath, name), List.of(), null);
    job = submitting(jobs.checked(job, "{}", job.id(), null, null, odd));
    job = ledger.accepted(job, "task-" + job.id(), NOW);
    var urls = new ArrayList<String>();
    var results = new ArrayList<ResultFile>();
    var work = Files.createDirectories(folders.work(job.id()).resolve("out"));
    for (int number = 1; number <= films.length; number++) {
      var file = Files.writeString(work.resolve(Integer.toString(number)), films[number - 1]);
      var url = "https://host/" + number;
      urls.add(url);
      results.add(
          new ResultFile(
              number, url, "" + number, Hashes.sha256(file), Files.size(file), ".mp4", null));
    }
    return ledger.fetched(ledger.generated(job, urls, null), results);
  }

  @Test
  void theNoteTellsWhatTheCheckFoundOdd() throws IOException {
    var plain = fetched("", "plain", "film");
    outbox.note(new Shipment(plain, Outbox.TARGET, 0, null, null, 1));
    assertThat(JSON.readTree(out.resolve("plain.json").toFile()).path("warnings").isEmpty())
        .isTrue();
    var job = fetched("", "odd", List.of("a.png: stored lying on its side"), "film");
    outbox.note(new Shipment(job, Outbox.TARGET, 0, null, null, 1));
    assertThat(JSON.readTree(out.resolve("odd.json").toFile()).path("warnings"))
        .extracting(JsonNode::asText)
        .containsExactly("a.png: stored lying on its side");
  }

  @Test
  void noCharacterOfTheNoteIsOneThatATerminalObeys() throws IOException {
    var name = "a\u202e\u2066b";
    outbox.note(new Shipment(fetched("", name, "film"), Outbox.TARGET, 0, null, null, 1));

    try (var notes = Files.newDirectoryStream(out, "*.json")) {
      var note = Files.readString(notes.iterator().next());
      assertThat(note.codePoints().filter(c -> c != '\n').boxed()).allMatch(Text::harmless);
      assertThat(JSON.readTree(note).path("name").asText()).isEqualTo(name);
    }
  }

  private static Job fresh(String subPath, String name) {
    return fresh(JobId.make(NOW), subPath, name, "/home", List.of());
  }

  private static Job fresh(
      String id, String subPath, String name, String home, List<BundleFile> files) {
    return Job.claimed(
        id,
        new Job.Origin("avatar", subPath, name),
        new Job.Goal("kie", "model"),
        home,
        NOW,
        files);
  }

  /** Writes a parcel as Camel does: under the hidden name, then by rename. */
  private void write(Parcel parcel) throws IOException {
    var target = folders.outbox().resolve(parcel.fileName());
    Files.createDirectories(target.getParent());
    assertThat(target).doesNotExist();
    var hidden = target.resolveSibling(parcel.tempName());
    Files.move(Files.copy(parcel.file().toPath(), hidden), target);
  }

  private List<String> names(Job job) throws IOException {
    return outbox.parcels(job).stream().map(Parcel::fileName).toList();
  }

  private void deliver(Job job) throws IOException {
    for (var parcel : outbox.parcels(job)) {
      write(parcel);
      outbox.confirm(parcel);
    }
    Files.writeString(outbox.sidecar(job), "{\"job\": \"" + job.id() + "\"}");
    outbox.release(job);
  }

  private List<String> here() throws IOException {
    try (var list = Files.list(out)) {
      return list.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFilmKeepsProfileSubPathAndName() throws IOException {
    var job = fetched("week 1/day 2", "host__01", "film");

    assertThat(names(job)).containsExactly("avatar/week 1/day 2/host__01.mp4");
    assertThat(outbox.sidecar(job)).isEqualTo(out.resolve("week 1/day 2/host__01.json"));
    assertThat(outbox.parcels(job).get(0).file()).hasContent("film");
  }

  @Test
  void theFilmsOfOneTaskAreNumberedFromTheSecondOn() throws IOException {
    var job = fetched("", "host", "one", "two", "three");

    assertThat(names(job))
        .containsExactly("avatar/host.mp4", "avatar/host-2.mp4", "avatar/host-3.mp4");
  }

  @Test
  void theHalfWrittenFileIsHiddenAndOfThisJobAndFilmAlone() throws IOException {
    var parcels = outbox.parcels(fetched("", "host", "one", "two"));
    var others = outbox.parcels(fetched("", "other", "one"));

    assertThat(List.of(parcels.get(0), parcels.get(1), others.get(0)))
        .extracting(Parcel::tempName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith(".") && name.endsWith(".part"));
  }

  @Test
  void whatAnEarlierTryLeftHalfWrittenIsRemoved() throws IOException {
    var job = fetched("", "host", "film");
    var half = Files.writeString(out.resolve(outbox.parcels(job).get(0).tempName()), "fi");
    var foreign = Files.writeString(out.resolve(".somebody-1.part"), "x");

    assertThat(names(job)).containsExactly("avatar/host.mp4");

    assertThat(half).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void aNameThatIsTakenIsLeftAloneAndTheNextOneChosenForAllFiles() throws IOException {
    var film = Files.writeString(out.resolve("host.mp4"), "eno");
    Files.createDirectory(out.resolve("host~2.mp4"));
    Files.createSymbolicLink(out.resolve("host~3-2.mp4"), folder.resolve("nowhere"));
    Files.writeString(out.resolve("host~4.json"), "{\"job\": \"another\"}");
    Files.writeString(out.resolve("host~5.json"), "not even JSON");
    var job = fetched("", "host", "one", "two");

    assertThat(names(job)).containsExactly("avatar/host~6.mp4", "avatar/host~6-2.mp4");
    assertThat(outbox.sidecar(job)).isEqualTo(out.resolve("host~6.json"));

    deliver(job);
    assertThat(film).hasContent("eno");
  }

  @Test
  void aFileThatAppearsOnceItsNameIsChosenIsNotTakenForOurs() throws IOException {
    var film = Files.writeString(out.resolve("host.mp4"), "somebody's");
    onShare(Refusal.LATE_NEWS);
    var job = fetched("", "host", "film");

    assertThatThrownBy(() -> deliverAsTheRoute(job)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(receipts.locations(job.id())).isEmpty();

    outbox.release(job);
    deliverAsTheRoute(job);
    assertThat(receipts.locations(job.id())).containsExactly(out.resolve("host~2.mp4").toString());
    assertThat(film).hasContent("somebody's");
  }

  @Test
  void equalBytesOfSomebodyElseAreNotTakenForOurs() throws IOException {
    var first = fetched("", "host", "the same film");
    deliver(first);
    var second = fetched("", "host", "the same film");

    assertThat(names(second)).containsExactly("avatar/host~2.mp4");
    deliver(second);

    assertThat(here()).containsExactly("host.json", "host.mp4", "host~2.json", "host~2.mp4");
  }

  @Test
  void equalBytesOfAJobThatIsNotClosedYetAreNotTakenForOurs() throws IOException {
    var first = fetched("", "host", "the same film");
    var parcel = outbox.parcels(first).get(0);
    write(parcel);
    outbox.confirm(parcel);

    outbox = restarted();

    assertThat(names(fetched("", "host", "the same film"))).containsExactly("avatar/host~2.mp4");
  }

  @Test
  void twoJobsUnderWayNeverChooseOneName() throws IOException {
    var first = fetched("", "host", "one");
    var second = fetched("", "host", "two");

    assertThat(names(first)).containsExactly("avatar/host.mp4");
    assertThat(names(second)).containsExactly("avatar/host~2.mp4");
    assertThat(names(first)).as("asked again").containsExactly("avatar/host.mp4");
    outbox.release(first);
    assertThat(names(fetched("", "host", "three"))).containsExactly("avatar/host.mp4");
  }

  @Test
  void aSecondFilmAndAJobOfThatNameNeverShareAFile() throws IOException {
    var two = fetched("", "host", "one", "two");
    var named = fetched("", "host-2", "other");

    var names = new ArrayList<>(names(two));
    names.addAll(names(named));

    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void writtenAndConfirmedFilmsAreNotWrittenAgain() throws IOException {
    var job = fetched("", "host", "one", "two");
    var parcels = outbox.parcels(job);
    write(parcels.get(0));
    outbox.confirm(parcels.get(0));

    outbox = restarted();

    assertThat(names(job)).containsExactly("avatar/host-2.mp4");
    deliver(job);
    assertThat(outbox.parcels(job)).isEmpty();
    assertThat(here()).containsExactly("host-2.mp4", "host.json", "host.mp4");
    assertThat(receipts.locations(job.id()))
        .containsExactly(out.resolve("host-2.mp4").toString(), out.resolve("host.mp4").toString());
  }

  @Test
  void aFilmWrittenBeforeACrashGetsItsReceiptAfterwards() throws IOException {
    var job = fetched("", "host", "film");
    write(outbox.parcels(job).get(0));

    outbox = restarted();

    assertThat(outbox.parcels(job)).isEmpty();
    assertThat(receipts.find(job.id(), "file", 1)).hasValue(out.resolve("host.mp4").toString());
    assertThat(here()).containsExactly("host.mp4");
  }

  @Test
  void aFilmDeliveredUnderAnotherNameStaysThereAfterARestart() throws IOException {
    var taken = Files.writeString(out.resolve("host.mp4"), "somebody's");
    var job = fetched("", "host", "one", "two");
    var parcels = outbox.parcels(job);
    write(parcels.get(0));
    outbox.confirm(parcels.get(0));

    outbox = restarted();

    assertThat(names(job)).containsExactly("avatar/host~2-2.mp4");
    assertThat(taken).hasContent("somebody's");
  }

  @Test
  void aFilmAPersonTookAwayAfterItsReceiptIsNotMissed() throws IOException {
    var job = fetched("", "host", "film");
    deliver(job);
    Files.delete(out.resolve("host.mp4"));

    assertThat(outbox.parcels(job)).isEmpty();
  }

  @Test
  void noReceiptIsGivenForOtherBytesOrNoFile() throws IOException {
    var job = fetched("", "host", "film");
    var parcel = outbox.parcels(job).get(0);

    assertThatThrownBy(() -> outbox.confirm(parcel)).isInstanceOf(IOException.class);
    Files.writeString(out.resolve("host.mp4"), "fil");
    assertThatThrownBy(() -> outbox.confirm(parcel))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not hold the bytes");
    Files.delete(out.resolve("host.mp4"));
    var elsewhere = Files.writeString(folder.resolve("elsewhere"), "film");
    Files.createSymbolicLink(out.resolve("host.mp4"), elsewhere);
    assertThatThrownBy(() -> outbox.confirm(parcel)).isInstanceOf(IOException.class);

    assertThat(receipts.locations(job.id())).isEmpty();
  }

  @Test
  void aNameOfFullLengthLeavesRoomForNumberAndNote() throws IOException {
    for (var name : List.of("x".repeat(251), "\u00e9".repeat(125), "\ud83d\ude00".repeat(62))) {
      deliver(fetched("", name, "one of " + name, "two of " + name));
      deliver(fetched("", name, "three of " + name, "four of " + name));
    }

    assertThat(here()).hasSize(18);
  }

  @Test
  void aSubPathFromOutsideStaysInTheOutbox() throws IOException {
    var job = fetched("../../..", "..", "film");

    assertThat(names(job)).containsExactly("avatar/_/_/_/_.mp4");
  }

  /** The outbox is on a share that refuses this. */
  private void onShare(Refusal first, Refusal... more) {
    folders =
        new Folders(
            folders.inbox(),
            StubbornShare.at(folders.outbox(), first, more),
            folders.failed(),
            folders.duplicates(),
            StubbornShare.at(folders.archive(), first, more),
            folders.work(),
            folders.data());
    outbox = restarted();
  }

  /** As the route does it: Camel writes the hidden file, klingdrop does the rest. */
  private void deliverAsTheRoute(Job job) throws IOException {
    for (var parcel : outbox.parcels(job)) {
      Files.copy(
          parcel.file().toPath(),
          out.getParent().resolve(parcel.hiddenName()),
          StandardCopyOption.REPLACE_EXISTING);
      outbox.confirm(parcel);
    }
    outbox.note(new Shipment(job, "file", 0, null, null, 1));
    outbox.release(job);
  }

  @Test
  void aVideoIsSeenOnlyWholeComparedAndDurable() throws IOException {
    onShare(Refusal.FILE_SYNC);
    var job = fetched("", "host", "film");

    assertThatThrownBy(() -> deliverAsTheRoute(job)).hasMessageContaining("Input/output error");

    assertThat(here()).allMatch(name -> name.startsWith("."));
    assertThat(receipts.locations(job.id())).isEmpty();
  }

  @Test
  void aShareWithoutFolderSyncTimesAndSignsGetsEveryVideoUnderAPlainName() throws IOException {
    onShare(
        Refusal.FOLDER_SYNC, Refusal.TIMES, Refusal.SIGNS, Refusal.DOS_NAMES, Refusal.LONG_NAMES);
    deliverAsTheRoute(fetched("", "host", "one", "two"));
    deliverAsTheRoute(fetched("", "who? what: <now>", "three", "four"));
    deliverAsTheRoute(fetched("", "who? what: >now<", "five"));
    deliverAsTheRoute(fetched("", "x".repeat(240), "six"));
    deliverAsTheRoute(fetched("12:30/con", "nul", "seven"));

    var cut = "x".repeat(143 - "-1.json".length());
    assertThat(here())
        .containsExactly(
            "12_30",
            "host-2.mp4",
            "host.json",
            "host.mp4",
            "who_ what_ _now_-2.mp4",
            "who_ what_ _now_.json",
            "who_ what_ _now_.mp4",
            "who_ what_ _now_~2.json",
            "who_ what_ _now_~2.mp4",
            cut + ".json",
            cut + ".mp4");
    assertThat(out.resolve("12_30/_con/_nul.mp4")).hasContent("seven");
    assertThat(out.resolve("who_ what_ _now_.json"))
        .content()
        .contains("who? what: <now>", "who_ what_ _now_-2.mp4");
  }

  @Test
  void aPlainNameIsFoundAgainAfterARestart() throws IOException {
    onShare(Refusal.SIGNS);
    var job = fetched("", "a:b", "one", "two");
    var parcels = outbox.parcels(job);
    Files.copy(
        parcels.get(0).file().toPath(), out.getParent().resolve(parcels.get(0).hiddenName()));
    outbox.confirm(parcels.get(0));

    outbox = restarted();
    deliverAsTheRoute(job);
    outbox = restarted();
    outbox.note(new Shipment(job, "file", 0, null, null, 1));

    assertThat(here()).containsExactly("a_b-2.mp4", "a_b.json", "a_b.mp4");
  }

  @Test
  void nothingIsPutIntoTheEmptyFolderUnderAShareThatIsNotMounted() throws IOException {
    var on = new AtomicReference<>("//nas/studio (cifs)");
    var kept = new HashMap<Path, String>();
    grounds = new Grounds("ledger", Map.of(), kept::put, path -> on.get());
    assertThat(grounds.arrive(List.of(folders.outbox()))).isEmpty();
    outbox = restarted();
    var job = fetched("", "host", "film");
    var parcel = outbox.parcels(job).get(0);
    Files.copy(parcel.file().toPath(), folders.outbox().resolve(parcel.hiddenName()));
    Files.move(folders.outbox(), folder.resolve("share"));
    Files.createDirectories(out);
    Files.copy(parcel.file().toPath(), folders.outbox().resolve(parcel.hiddenName()));
    on.set("/dev/sda1 (ext4)");

    assertThat(outbox.isHere()).isFalse();
    assertTheTimeAwayDoesNotCount(job);
    assertThatThrownBy(() -> outbox.parcels(job)).hasMessageContaining("Is the share mounted?");
    assertThatThrownBy(() -> outbox.confirm(parcel)).hasMessageContaining("Is the share mounted?");
    assertThat(here()).containsExactly(parcel.tempName());
    assertThat(receipts.locations(job.id())).isEmpty();

    AtomicFiles.deleteTree(folders.outbox());
    Files.move(folder.resolve("share"), folders.outbox());
    on.set("//nas/studio (cifs)");
    assertThat(outbox.isHere()).isTrue();
    deliverAsTheRoute(job);
    assertThat(here()).containsExactly("host.json", "host.mp4");
  }

  /** What was refused just before the outbox went away is not held against it. */
  private void assertTheTimeAwayDoesNotCount(Job job) {
    var shipments = new Shipments(database, Holder.alone(new NodeId("me")), () -> NOW);
    shipments.open(job, List.of(Outbox.TARGET), NOW);
    shipments.later(shipments.claimDue(Outbox.TARGET, 1, Duration.ZERO).get(0), "gone", NOW);
    var deliveries = new Deliveries(null, shipments, null, outbox, null, null);
    assertThat(deliveries.claimForOutbox()).isEmpty();
    assertThat(shipments.backlog().troubleSince()).isNull();
    assertThat(shipments.backlog().count()).isEqualTo(1);
  }

  @Test
  void sourcesWaitInTheWorkFolderWhileTheShareOfTheArchiveIsAway() throws IOException {
    var on = new AtomicReference<>("//nas/studio (cifs)");
    grounds = new Grounds("ledger", Map.of(), (path, disk) -> {}, path -> on.get());
    Files.createDirectories(folders.archive());
    assertThat(grounds.arrive(List.of(folders.archive()))).isEmpty();
    var id = JobId.make(NOW);
    var in = Files.createDirectories(folders.work(id).resolve("in"));
    var source = Files.writeString(in.resolve("a.png"), "a picture");
    var files = List.of(new BundleFile(Role.IMAGE, "a.png", "", 9, false));
    var job = jobs.claimed(fresh(id, "", "a", in.toString(), files), List.of(), null);
    var claims = new JobClaims(database, Holder.alone(new NodeId("me")), () -> NOW);
    var archive = new Archive(ledger, claims, new JobQueries(database), folders, grounds);
    Files.delete(folders.archive().resolve(Grounds.MARK));
    on.set("/dev/sda1 (ext4)");

    assertThatThrownBy(() -> archive.keepSources(job)).hasMessageContaining("share mounted");
    assertThat(source).exists();
    assertThat(folders.archive()).isEmptyDirectory();

    Files.createFile(folders.archive().resolve(Grounds.MARK));
    archive.keepSources(job);
    assertThat(folder.resolve("archive/avatar/a.png")).hasContent("a picture");
  }

  @Test
  void sourcesReachAnArchiveThatRefusesTheirNames() throws IOException {
    onShare(Refusal.FOLDER_SYNC, Refusal.TIMES, Refusal.SIGNS);
    var id = JobId.make(NOW);
    var in = Files.createDirectories(folders.work(id).resolve("in"));
    var files = new ArrayList<BundleFile>();
    for (var name : List.of("a:b.png", "a:b.wav")) {
      Files.writeString(in.resolve(name), name);
      files.add(new BundleFile(Role.SIDECAR, name, "", 7, false));
    }
    var job = jobs.claimed(fresh(id, "x?", "a:b", in.toString(), files), List.of(), null);

    new Archive(
            ledger,
            new JobClaims(database, Holder.alone(new NodeId("me")), () -> NOW),
            new JobQueries(database),
            folders,
            grounds)
        .keepSources(job);

    assertThat(folder.resolve("archive/avatar/x_/a_b.png")).hasContent("a:b.png");
    assertThat(folder.resolve("archive/avatar/x_/a_b.wav")).hasContent("a:b.wav");
    assertThat(folders.work(id)).doesNotExist();
  }

  /** The outbox as a node of that name has it. */
  private Outbox node(String name) {
    var shared =
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
            });
    var names = new ChosenNames(database, () -> NOW);
    return new Outbox(folders, receipts, new JobQueries(database), shared, names, () -> NOW);
  }

  private void half(Parcel parcel) throws IOException {
    Files.writeString(folders.outbox().resolve(parcel.hiddenName()), "fi");
  }

  private void whole(Parcel parcel) throws IOException {
    var hidden = folders.outbox().resolve(parcel.hiddenName());
    Files.deleteIfExists(hidden);
    Files.copy(parcel.file().toPath(), hidden);
  }

  @Test
  void aHaltedNodeCannotPutItsHalfFileInThePlaceOfWhatAnotherDelivered() throws IOException {
    var job = fetched("", "host", "film");
    var asleep = node("a");
    var awake = node("b");
    var theirs = asleep.parcels(job).get(0);
    half(theirs);

    var ours = awake.parcels(job).get(0);
    assertThat(ours.fileName()).isEqualTo(theirs.fileName());
    assertThat(ours.hiddenName()).isNotEqualTo(theirs.hiddenName());
    whole(ours);
    awake.confirm(ours);
    awake.release(job);

    assertThatThrownBy(() -> asleep.confirm(theirs)).isInstanceOf(IOException.class);
    assertThat(out.resolve("host.mp4")).hasContent("film");
    whole(theirs);
    asleep.confirm(theirs);
    assertThat(out.resolve("host.mp4")).hasContent("film");
    assertThat(here()).containsExactly("host.mp4");
  }

  @Test
  void jobsOfOneNameOnTwoNodesGetNamesOfTheirOwn() throws IOException {
    var one = fetched("", "host", "film one");
    var two = fetched("", "host", "film two");
    var a = node("a");
    var b = node("b");
    var first = a.parcels(one).get(0);
    var second = b.parcels(two).get(0);

    assertThat(first.fileName()).isEqualTo("avatar/host.mp4");
    assertThat(second.fileName()).isEqualTo("avatar/host~2.mp4");
    for (var parcel : List.of(first, second)) {
      whole(parcel);
    }
    a.confirm(first);
    b.confirm(second);
    a.note(new Shipment(one, Outbox.TARGET, 0, null, null, 1));
    b.note(new Shipment(two, Outbox.TARGET, 0, null, null, 1));
    assertThat(here()).containsExactly("host.json", "host.mp4", "host~2.json", "host~2.mp4");
  }

  @Test
  void aNameSomebodyElseGaveInTheVeryLastMomentIsNotTaken() throws IOException {
    var job = fetched("", "host", "film");
    var a = node("a");
    var parcel = a.parcels(job).get(0);
    whole(parcel);
    Files.writeString(out.resolve("host.mp4"), "somebody's");

    assertThatThrownBy(() -> a.confirm(parcel)).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(out.resolve("host.mp4")).hasContent("somebody's");
    a.release(job);
    var again = a.parcels(job).get(0);
    whole(again);
    a.confirm(again);
    assertThat(out.resolve("host~2.mp4")).hasContent("film");
  }

  @Test
  void whatACacheOfNamesDoesNotShowIsNotReplacedEither() throws IOException {
    onShare(Refusal.STRANGE_NAMES);
    var job = fetched("", "host", "film");
    var a = node("a");
    var parcel = a.parcels(job).get(0);
    try (var hidden =
        Files.newOutputStream(folders.outbox().resolve(parcel.hiddenName()), CREATE, WRITE)) {
      Files.copy(parcel.file().toPath(), hidden);
    }
    Files.writeString(out.resolve("host.mp4"), "somebody's");
    assertThat(folders.outbox().resolve("avatar/host.mp4")).doesNotExist();

    assertThatThrownBy(() -> a.confirm(parcel)).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(out.resolve("host.mp4")).hasContent("somebody's");
  }

  @Test
  void aShareWithoutHardLinksGetsItsVideos() throws IOException {
    onShare(Refusal.LINKS);
    var job = fetched("", "host", "film");
    var a = node("a");
    var parcel = a.parcels(job).get(0);
    whole(parcel);

    a.confirm(parcel);

    assertThat(here()).containsExactly("host.mp4");
  }
}
