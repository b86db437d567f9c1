package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Settings;
import io.klingdrop.testing.SettableTime;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Camel's consumer asks of the inbox, and what the inbox tells of itself. */
class InboxTest {
  private static final Instant NOW = Instant.parse("2026-11-28T08:00:00Z");

  @TempDir private Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) org.slf4j.LoggerFactory.getLogger("io.klingdrop.intake");
  private Database database;
  private Path note;
  private Inbox inbox;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
    note = folder.resolve("note.txt");
    inbox =
        new Inbox(
            folder.resolve("inbox"),
            new Settings.Inbox(
                Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(10), "avatar"),
            profile -> new Needs(true, true, false, false, sidecar -> false),
            new JobQueries(database),
            null,
            SettableTime.by(() -> NOW),
            note);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void close() {
    root.detachAppender(log);
    database.close();
  }

  private List<String> errors() {
    return log.list.stream()
        .filter(event -> event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private Bundle pair() throws IOException {
    var avatar = Files.createDirectories(folder.resolve("inbox/avatar"));
    Files.writeString(avatar.resolve("host.png"), "x");
    Files.writeString(avatar.resolve("host.wav"), "x");
    return inbox(avatar.resolve("host.wav"));
  }

  private Bundle inbox(Path lead) throws IOException {
    inbox.look(System.nanoTime());
    return inbox.take(lead).orElseThrow();
  }

  @Test
  void anInboxThatCannotBeReadIsToldOnceAMinuteAndStaysKnown() {
    var settled = new AtomicInteger();
    inbox.before(settled::incrementAndGet);
    try (var camel = new DefaultCamelContext()) {
      var endpoint = camel.getEndpoint("file:" + folder.resolve("inbox"));
      for (int scan = 0; scan < 50; scan++) {
        assertThat(inbox.begin(null, endpoint)).isFalse();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(errors()).hasSize(1);
    assertThat(inbox.trouble().orElse("")).contains("cannot be read");
    assertThat(inbox.lastScan()).isEmpty();
    assertThat(settled).as("what was taken before is settled").hasValue(50);
  }

  @Test
  void whateverTheConsumerThrowsIsToldOnceAMinuteUntilAPollGoesWell() throws IOException {
    pair();
    for (int scan = 0; scan < 50; scan++) {
      inbox.rollback(null, null, 0, new IllegalStateException("broken"));
      inbox.handleException("Failed polling", new IllegalStateException("broken"));
    }
    assertThat(errors()).hasSize(1);
    assertThat(inbox.trouble().orElse("")).contains("broken");

    inbox.commit(null, null, 1);
    assertThat(inbox.trouble()).isEmpty();
  }

  @Test
  void aNameThatIsNoPathIsNotTheConsumersTrouble() throws Exception {
    pair();
    try (var camel = new DefaultCamelContext()) {
      var endpoint = camel.getEndpoint("file:" + folder.resolve("inbox"), FileEndpoint.class);
      var odd =
          FileConsumer.asGenericFile(
              endpoint.getConfiguration().getDirectory(),
              new File(folder.resolve("inbox/avatar").toFile(), "half\uD800.png"),
              null,
              false);
      assertThat(inbox.accept(odd)).isFalse();
    }
  }

  @Test
  void whatMayNotBeTakenIsKnownUntilItWorks() throws IOException {
    var bundle = pair();
    for (int tries = 0; tries < 5; tries++) {
      inbox.putOff(bundle, new AccessDeniedException(bundle.lead().toString()));
    }
    inbox.look(System.nanoTime());

    assertThat(errors()).hasSize(1);
    assertThat(inbox.hindrances()).hasSize(1);
    assertThat(inbox.hindrances().get(0))
        .contains("host.wav", "permission denied", "belongs to", "mode", "klingdrop runs as");
    assertThat(inbox.waiting()).isZero();
    assertThat(Hindrances.noted(note)).isEqualTo(inbox.hindrances());

    Files.delete(bundle.lead());
    inbox.look(System.nanoTime());
    assertThat(inbox.hindrances()).isEmpty();
    assertThat(note).doesNotExist();
  }

  @Test
  void whatChangedWhileItWasTakenIsNoHindranceTheFirstTime() throws IOException {
    var bundle = pair();
    inbox.putOff(bundle, new IOException("host.wav changed while it was taken"));
    inbox.look(System.nanoTime());
    assertThat(inbox.hindrances()).isEmpty();
    assertThat(inbox.waiting()).isEqualTo(1);

    inbox.putOff(bundle, new IOException("host.wav changed while it was taken"));
    inbox.look(System.nanoTime());
    assertThat(inbox.hindrances()).hasSize(1);
  }

  @Test
  void aNoteOfAnEarlierRunGoesWithTheFirstScan() throws IOException {
    Files.createDirectories(folder.resolve("inbox"));
    Files.writeString(note, JobId.make(NOW) + " cannot be taken\n");

    inbox.look(System.nanoTime());

    assertThat(note).doesNotExist();
  }
}
