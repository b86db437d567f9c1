package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Reservation;
import io.klingdrop.ledger.Reservation.Held;
import io.klingdrop.ledger.Reservations;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that are handed in at several nodes of one inbox, some of which die or are halted. */
class SharedGatewayTest {
  private static final Needs NEEDS = new Needs(true, true, false, false, sidecar -> false);
  private static final Grounds.Others NOBODY =
      new Grounds.Others() {
        @Override
        public void begin(Path folder) {}

        @Override
        public boolean use(Path folder) {
          return false;
        }
      };

  @TempDir private Path folder;
  private volatile Instant now = Instant.now();
  private DefaultCamelContext camel;
  private Settings settings;
  private Database database;
  private BundleGateway a;
  private BundleGateway b;

  @BeforeEach
  void open() {
    camel = new DefaultCamelContext();
    camel.start();
    settings = SettingsReader.load(folder, Map.of(), Map.of());
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    a = node("a");
    b = node("b");
  }

  @AfterEach
  void close() {
    camel.stop();
    database.close();
  }

  private BundleGateway node(String name) {
    var sharing = Sharing.as(name);
    return new BundleGateway(
        settings,
        profile -> NEEDS,
        reservations(name),
        new JobQueries(database),
        new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk, sharing, NOBODY),
        () -> now);
  }

  private Reservations reservations(String name) {
    return new Reservations(database, Sharing.as(name).mark());
  }

  private List<String> inbox() throws IOException {
    var inbox = folder.resolve("inbox");
    if (!Files.exists(inbox)) {
      return List.of();
    }
    try (var walk = Files.walk(inbox)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> inbox.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What node a leaves when it dies after its promise and the first of two names. */
  private String promised(String key) throws IOException {
    var avatar = Files.createDirectories(folder.resolve("inbox/avatar"));
    var id = JobId.make(now);
    var sharing = Sharing.as("a");
    var held = new ArrayList<Held>();
    for (var n : List.of(0, 1)) {
      var file =
          Landing.write(
              stream("file " + n), Landing.part(avatar, id, n, sharing), n == 0 ? ".png" : ".wav");
      held.add(
          new Held(
              avatar.resolve("anna" + file.extension()).toString(),
              file.part().toString(),
              file.bytes(),
              file.sha256()));
    }
    reservations("a")
        .keep(
            new Reservation(id, Hashes.sha256(key), "content", "avatar", "anna", now, false, held));
    Files.move(Path.of(held.get(0).part()), Path.of(held.get(0).path()));
    return id;
  }

  @Test
  void whatAnotherNodeIsWritingIsNotSwept() throws Exception {
    var exchange = camel.getEndpoint("direct:gateway").createExchange();
    var met = new int[1];
    InputStream slow =
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (met[0]++ == 0) {
              b.recover();
              b.recoverFromOthers();
              assertThat(inbox()).as("it is there while it is written").isNotEmpty();
            }
            return met[0] > 3 ? -1 : 'x';
          }
        };
    exchange.getMessage().setBody(Map.of("anna.png", slow, "anna.wav", "sound"));
    a.submit(exchange);

    assertThat(met[0]).isPositive();
    assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
  }

  @Test
  void aPromiseOfAnotherNodeIsLeftAloneWhileItMayBeAtWork() throws Exception {
    promised("key");
    var before = inbox();
    now = now.plus(Duration.ofMinutes(50));

    b.recover();
    b.recoverFromOthers();

    assertThat(inbox()).isEqualTo(before);
    assertThat(reservations("a").unrevealed()).hasSize(1);
  }

  @Test
  void anOldPromiseOfAnotherNodeIsKeptByTheScanner() throws Exception {
    var id = promised("key");
    now = now.plus(Duration.ofHours(2));

    b.recoverFromOthers();

    assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
    assertThat(reservations("b").of(id).orElseThrow().revealed()).isTrue();
    b.recoverFromOthers();
    a.recoverFromOthers();
    assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
  }

  @Test
  void aNodeThatDiedInTheMiddleOfATakeOverIsFollowedByAThird() throws Exception {
    var id = promised("key");
    now = now.plus(Duration.ofHours(2));
    // b took it over, renamed what was hidden, and died
    assertThat(reservations("b").adopted(id, now)).isTrue();
    var avatar = folder.resolve("inbox/avatar");
    Files.move(
        Landing.part(avatar, id, 1, Sharing.as("a")), Landing.part(avatar, id, 1, Sharing.as("b")));

    node("c").recoverFromOthers();

    assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
  }

  @Test
  void aNodeFinishesItsOwnPromiseAtItsNextStart() throws Exception {
    promised("key");
    var avatar = folder.resolve("inbox/avatar");
    var litter = Landing.part(avatar, JobId.make(now), 0, Sharing.as("a"));
    var theirs = Landing.part(avatar, JobId.make(now), 0, Sharing.as("b"));
    Files.writeString(litter, "half");
    Files.writeString(theirs, "half");

    node("a").recover();

    assertThat(litter).doesNotExist();
    assertThat(theirs).exists();
    Files.delete(theirs);
    assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
  }

  @Test
  void aKeyThatIsBeingHandedInAtAnotherNodeIsAskedForAgain() throws Exception {
    var png = Files.writeString(folder.resolve("anna.png"), "picture");
    var wav = Files.writeString(folder.resolve("anna.wav"), "voice");
    var files = Map.of("anna.png", png, "anna.wav", wav);
    var done = a.hand("key", "avatar", "anna", files);
    database.close();
    open();
    // as it was a moment before
    reservations("a")
        .keep(
            new Reservation(
                done.jobId(),
                done.keyHash(),
                done.content(),
                done.profile(),
                done.name(),
                now,
                false,
                done.files()));
    var before = inbox();

    assertThatThrownBy(() -> b.hand("key", "avatar", "anna", files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another node");

    assertThat(inbox()).isEqualTo(before);
    reservations("a").revealed(done.jobId());
    assertThat(b.hand("key", "avatar", "anna", files).jobId()).isEqualTo(done.jobId());
  }

  @Test
  void bundlesOfOneNameThatComeToTwoNodesAtOnceAreAllKept() throws Exception {
    var bundles = 40;
    var contents = new ArrayList<Map<String, Path>>();
    for (int i = 0; i < bundles; i++) {
      var place = Files.createDirectories(folder.resolve("given/" + i));
      contents.add(
          Map.of(
              "host.png", Files.writeString(place.resolve("host.png"), "picture " + i),
              "host.wav", Files.writeString(place.resolve("host.wav"), "voice " + i)));
    }

    var ids =
        IntStream.range(0, bundles)
            .parallel()
            .mapToObj(
                i -> {
                  try {
                    return (i % 2 == 0 ? a : b).hand("", "avatar", "host", contents.get(i)).jobId();
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                })
            .toList();

    assertThat(ids).doesNotHaveDuplicates();
    try (Stream<Path> walk = Files.walk(folder.resolve("inbox"))) {
      var found = new ArrayList<String>();
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        found.add(Files.readString(file));
      }
      assertThat(found).hasSize(2 * bundles).doesNotHaveDuplicates();
    }
    assertThat(inbox()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void aFileOfASourceNeverTakesThePlaceOfAnother() throws Exception {
    Files.createDirectories(folder.resolve("inbox/avatar"));
    Files.writeString(folder.resolve("inbox/avatar/host.wav"), "somebody's");
    var exchange = camel.getEndpoint("direct:gateway").createExchange();
    exchange.getMessage().setBody("voice");
    exchange.getMessage().setHeader(Exchange.FILE_NAME, "host.wav");

    assertThatThrownBy(() -> a.receive(exchange)).isInstanceOf(IOException.class);

    assertThat(inbox()).containsExactly("avatar/host.wav");
    assertThat(folder.resolve("inbox/avatar/host.wav")).hasContent("somebody's");
  }
}
