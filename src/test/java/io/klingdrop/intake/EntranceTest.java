package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.Grounds;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other routes may put into the inbox, and what lies there then. */
class EntranceTest {
  @TempDir private Path folder;
  private DefaultCamelContext camel;
  private Entrance entrance;

  @BeforeEach
  void open() {
    camel = new DefaultCamelContext();
    camel.start();
    entrance =
        new Entrance(
            Settings.load(folder, Map.of(), Map.of()),
            new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
            () -> Instant.parse("2026-11-21T10:00:00Z"));
  }

  @AfterEach
  void close() {
    camel.stop();
  }

  private Exchange exchange(Object body, Map<String, Object> headers) {
    var exchange = camel.getEndpoint("direct:entrance").createExchange();
    exchange.getMessage().setBody(body);
    headers.forEach(exchange.getMessage()::setHeader);
    return exchange;
  }

  private String submit(Object body, Map<String, Object> headers) throws Exception {
    var exchange = exchange(body, headers);
    entrance.submit(exchange);
    assertThat(exchange.getMessage().getHeader("KlingdropJobId"))
        .isEqualTo(exchange.getMessage().getBody());
    return exchange.getMessage().getBody(String.class);
  }

  private List<String> inbox() throws IOException {
    var inbox = folder.resolve("inbox");
    try (var walk = Files.walk(inbox)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> inbox.relativize(file).toString())
          .filter(name -> !name.endsWith(".job"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aMapOfFilesLiesInTheInboxUnderOneName() throws Exception {
    var id =
        submit(
            Map.of("face.png", new byte[] {1, 2}, "speech.wav", "sound", "note.txt", "be calm"),
            Map.of("KlingdropProfile", "ai-avatar", "KlingdropName", "anna"));

    assertThat(inbox())
        .containsExactly("ai-avatar/anna.png", "ai-avatar/anna.txt", "ai-avatar/anna.wav");
    assertThat(folder.resolve("inbox/ai-avatar/anna.png")).hasBinaryContent(new byte[] {1, 2});
    assertThat(folder.resolve("inbox/ai-avatar/.anna.job")).hasContent(id);
  }

  @Test
  void aFolderIsCopiedAndKeepsItsFiles() throws Exception {
    var source = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(source.resolve("mia.png"), "picture");
    Files.writeString(source.resolve("mia.mp3"), "voice");
    Files.writeString(source.resolve(".mia.mp3.part"), "half");
    submit(source, Map.of());

    assertThat(inbox()).containsExactly("avatar/mia.mp3", "avatar/mia.png");
    assertThat(source.resolve("mia.png")).exists();
  }

  @Test
  void aNameThatIsTakenGetsANumberAndNothingIsReplaced() throws Exception {
    var bundle = Map.of("anna.png", "one", "anna.wav", "two");
    var first = submit(bundle, Map.of());
    var second = submit(bundle, Map.of());

    assertThat(first).isNotEqualTo(second);
    assertThat(inbox())
        .containsExactly(
            "avatar/anna.png", "avatar/anna.wav", "avatar/anna~2.png", "avatar/anna~2.wav");
    assertThat(folder.resolve("inbox/avatar/.anna~2.job")).hasContent(second);
  }

  @Test
  void whatIsNoBundleIsRefusedAndLeavesNothing() throws Exception {
    for (var body :
        List.<Object>of(
            Map.of(),
            Map.of("anna.exe", "x", "anna.wav", "y"),
            Map.of("a.png", "x", "b.png", "y"),
            folder.resolve("inbox"))) {
      Files.createDirectories(folder.resolve("inbox"));
      assertThatThrownBy(() -> submit(body, Map.of())).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(inbox()).isEmpty();
  }

  @Test
  void aBundleThatTheInboxWouldNeverTakeIsRefusedAtOnce() {
    var bundle = Map.<String, Object>of("anna.png", "one", "anna.wav", "two");
    for (var headers :
        List.<Map<String, Object>>of(
            Map.of("KlingdropProfile", "#recycle"),
            Map.of("KlingdropName", "anna (conflicted copy 2026-01-02 123456)"))) {
      assertThatThrownBy(() -> submit(bundle, headers))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aNameFromOutsideLeadsNowhereElse() throws Exception {
    var bundle = Map.of("anna.png", "one", "anna.wav", "two");
    submit(bundle, Map.of("KlingdropProfile", "a/../../etc", "KlingdropName", "b/../../x"));
    for (var header : List.of("KlingdropProfile", "KlingdropName")) {
      assertThatThrownBy(() -> submit(bundle, Map.of(header, "../../x")))
          .isInstanceOf(IllegalArgumentException.class);
    }
    entrance.receive(exchange("sound", Map.of(Exchange.FILE_NAME, "/a/../../../b/mia.wav")));

    assertThat(folder.resolve("inbox")).isDirectoryRecursivelyContaining("glob:**mia.wav");
    assertThat(inbox()).hasSize(3);
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactly(folder.resolve("inbox"));
    }
  }

  @Test
  void aSingleFileKeepsItsFoldersAndIsWrittenOnce() throws Exception {
    for (int i = 0; i < 2; i++) {
      entrance.receive(exchange("sound", Map.of(Exchange.FILE_NAME, "course/mia.wav")));
    }
    for (var junk :
        List.of(
            "course/Thumbs.db",
            ".hidden/mia.wav",
            "course/mia.wav.part",
            "#recycle/mia.wav",
            "course/@Recycle/old/mia.wav",
            "$RECYCLE.BIN/mia.wav",
            "course/~snapshot/mia.wav")) {
      entrance.receive(exchange("junk", Map.of(Exchange.FILE_NAME, junk)));
    }
    var bucket = exchange("picture", Map.of("CamelAwsS3Key", "course/mia.png"));
    bucket.setProperty("profile", "v2-1");
    entrance.receive(bucket);

    assertThat(inbox()).containsExactly("avatar/course/mia.wav", "v2-1/course/mia.png");
    assertThat(folder.resolve("inbox/avatar/course/mia.wav"))
        .hasContent(new String("sound".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    assertThatThrownBy(
            () -> entrance.receive(exchange("other", Map.of(Exchange.FILE_NAME, "course/mia.wav"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mia.wav");
  }

  @Test
  void anObjectItsBucketDoesNotRemoveIsTakenOnceAndANewOneOfItsNameAgain() throws Exception {
    var first = Instant.parse("2026-11-21T10:00:00Z");
    for (int i = 0; i < 3; i++) {
      entrance.receive(object("mia.png", first));
      Files.deleteIfExists(folder.resolve("inbox/avatar/mia.png"));
    }
    entrance.receive(object("mia.png", first));
    assertThat(inbox()).isEmpty();

    entrance.receive(object("mia.png", first.plusSeconds(1)));
    entrance.receive(object("course/", first));
    assertThat(inbox()).containsExactly("avatar/mia.png");
  }

  private Exchange object(String key, Instant changed) {
    return exchange(
        "picture",
        Map.of("CamelAwsS3Key", key, "CamelAwsS3ETag", "e", "CamelAwsS3LastModified", changed));
  }
}
