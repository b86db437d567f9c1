package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is dropped: a clear reason, nothing lost, nothing sent, and the rest goes on. */
class BadInputTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private final Map<String, String[]> expected = new LinkedHashMap<>();
  private int seed = 1000;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie).set("klingdrop.inbox.pair-window", "500ms");
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void badMediaAreRefusedWithTheReasonAndNothingIsSent() throws Exception {
    strictProfile();
    var avatar = place.inbox("avatar");
    image("empty", new byte[0], "empty.png");
    voice("silent", new byte[0], "silent.wav");
    var png = bytes(TestMedia.png(folder.resolve("some.png"), 320, 320, seed++));
    var wav = bytes(TestMedia.wav(folder.resolve("some.wav"), Duration.ofSeconds(3), seed++));
    image("cut", java.util.Arrays.copyOf(png, 20), "cut.png");
    voice("cut voice", java.util.Arrays.copyOf(wav, wav.length / 2), "cut voice.wav");
    image("text", "I am no picture".getBytes(StandardCharsets.UTF_8), "text.png");
    image("movie", wav, "movie.png");
    image("huge", padded(png, 10 * 1024 * 1024 + 1), "huge.png", "10");
    image("bomb", bomb(), "bomb.png");
    strict("tiny", 100, 100, 3, "tiny.png", "300");
    strict("long", 900, 301, 3, "long.png", "2.5");
    strict("brief", 320, 320, 1, "brief.wav", "2");
    strict("endless", 320, 320, 20, "endless.wav", "15");
    originals.dropped(TestMedia.pair(avatar, "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.FAILED, expected.size());
    awaitFiled();

    assertRefusals();
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(kie.uploads()).hasSize(2);
  }

  @Test
  void aWrongExtensionDoesNotMatterTheBytesDo() throws Exception {
    var avatar = place.inbox("avatar");
    var jpeg = TestMedia.jpeg(folder.resolve("face"), 320, 320, 1);
    originals.dropped(Files.move(jpeg, avatar.resolve("face.png")));
    var mp3 = TestMedia.mp3(folder.resolve("voice"), Duration.ofSeconds(3), 1);
    originals.dropped(Files.move(mp3, avatar.resolve("face.WAV")));
    assertThat(place.drain()).isZero();

    assertThat(kie.uploads())
        .extracting(upload -> upload.contentType())
        .containsExactlyInAnyOrder("image/jpeg", "audio/mpeg");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void badSidecarsNameFileLineAndKey() throws Exception {
    sidecar("bad.yaml", "prompt: hi\n  oops: [1\n", "bad.yaml:2:");
    sidecar("bad json.json", "{\"prompt\": \"hi\",,}", "bad json.json:1:");
    sidecar("list.json", "[1,2]", "list.json");
    sidecar("unknown.yaml", "promt: hello\n", "unknown.yaml", "promt", "prompt");
    sidecar("type.json", "{\"prompt\": [7]}", "type.json", "prompt");
    sidecar("path.json", "{\"image_url\": \"../../etc/passwd\"}", "path.json", "image_url");
    sidecar("long.txt", "x".repeat(5001), "prompt", "5000");
    sidecar("binary.txt", "\u0000\u0001\ufffe", "binary.txt");
    still("choice", "{\"prompt\": \"a\", \"duration\": \"7\"}", "duration", "5", "10");
    still("range", "{\"prompt\": \"b\", \"cfg_scale\": 1.5}", "cfg_scale", "1");
    still("step", "{\"prompt\": \"c\", \"cfg_scale\": 0.55}", "cfg_scale", "0.1");
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.FAILED, expected.size());
    awaitFiled();

    assertRefusals();
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  @Test
  void oddNamesAreNoTrouble() throws Exception {
    var avatar = place.inbox("avatar");
    var names =
        List.of(
            "smile \ud83d\ude00 und gr\u00fc\u00dfe",
            "it's \"quoted\" & <odd>",
            "new\nline",
            "${body}",
            "$simple{header.KlingdropJobId}",
            "{{klingdrop.data.dir}}",
            "%2e%2e%2f..",
            "a..",
            "-rf",
            "a;b`c$(d)",
            "tab\tand\\back",
            "x".repeat(250),
            "\u00e9".repeat(120));
    for (var name : names) {
      var made = TestMedia.pair(folder.resolve("made"), "pair", seed++);
      originals.dropped(Files.move(made.image(), avatar.resolve(name + ".png")));
      originals.dropped(Files.move(made.audio(), avatar.resolve(name + ".wav")));
    }
    place.start();

    place.awaitJobs(JobState.DELIVERED, names.size());
    awaitFiled();

    assertThat(place.tree("outbox").stream().filter(name -> name.endsWith(".mp4")))
        .hasSize(names.size());
    assertThat(place.tree("archive")).hasSize(2 * names.size());
    originals.assertEachInExactlyOnePlace();
    assertThat(avatar).isEmptyDirectory();
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    var secret = TestMedia.pair(Files.createDirectories(folder.resolve("secret")), "secret", 1);
    var avatar = place.inbox("avatar");
    Files.createSymbolicLink(avatar.resolve("link.png"), secret.image());
    Files.createSymbolicLink(avatar.resolve("deep"), folder.resolve("secret"));
    originals.dropped(TestMedia.wav(avatar.resolve("link.wav"), Duration.ofSeconds(3), 2));
    place.start();

    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    assertThat(place.onlyJob().failure().failureClass()).isEqualTo(FailureClass.UNPAIRED);
    assertThat(secret.image()).exists();
    assertThat(Files.isSymbolicLink(avatar.resolve("link.png"))).isTrue();
    assertThat(kie.createCalls()).isZero();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void workingFoldersMayBeLinksThemselves() throws Exception {
    for (var name : List.of("inbox", "outbox", "data", "archive", "failed", "duplicates")) {
      Files.createSymbolicLink(
          folder.resolve(name), Files.createDirectories(folder.resolve("disk/" + name)));
    }
    TestMedia.pair(place.inbox("avatar"), "linked", 1);

    assertThat(place.drain()).isZero();

    assertThat(folder.resolve("disk/outbox/avatar/linked.mp4")).exists();
    assertThat(folder.resolve("disk/archive/avatar/linked.png")).exists();
  }

  @Test
  void ambiguousAndLonelyFilesAreRefusedTogether() throws Exception {
    var avatar = place.inbox("avatar");
    originals.dropped(TestMedia.pair(avatar, "two", seed++));
    originals.dropped(TestMedia.jpeg(avatar.resolve("two.jpg"), 320, 320, seed++));
    refusal("unpaired", "avatar/two", "two.jpg", "two.png");
    originals.dropped(TestMedia.wav(avatar.resolve("alone.wav"), Duration.ofSeconds(3), seed++));
    refusal("unpaired", "avatar/alone", "no picture called alone");
    originals.dropped(Files.writeString(avatar.resolve("words.txt"), "only words"));
    refusal("unpaired", "avatar/words", "media");
    originals.dropped(TestMedia.pair(place.inbox("v2-1"), "spoken", seed++));
    refusal("invalid", "v2-1/spoken", "takes no recording");
    originals.dropped(TestMedia.pair(place.inbox("nobody"), "lost", seed++));
    refusal("invalid", "nobody/lost", "not a profile");
    originals.dropped(TestMedia.png(place.inbox("v2-1").resolve("mute.png"), 320, 320, seed++));
    refusal("unpaired", "v2-1/mute", "mute.txt");
    place.start();

    place.awaitJobs(JobState.FAILED, expected.size());
    awaitFiled();

    assertRefusals();
    assertThat(kie.createCalls()).isZero();
  }

  @Test
  void aProviderTalkingNonsenseStopsNobodyElse() throws Exception {
    place.set("klingdrop.submit.timeout", "500ms").set("klingdrop.poll.timeout", "500ms");
    var nonsense =
        Map.<String, Behaviour>of(
            "html", Answers.html(),
            "bad json", Answers.invalidJson(),
            "wrong types", Answers.json("{\"code\":{},\"msg\":7,\"data\":\"x\"}"),
            "huge", Answers.hugeJson(20_000_000),
            "hanging", Faults.hang());
    nonsense.forEach(
        (name, behaviour) ->
            kie.on(Endpoint.CREATE_TASK).when(Call.promptContains(name)).always(behaviour));
    for (var name : nonsense.keySet()) {
      originals.dropped(Files.writeString(place.inbox("avatar").resolve(name + ".txt"), name));
      originals.dropped(TestMedia.pair(place.inbox("avatar"), name, seed++));
    }
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "good", seed++));
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, nonsense.size());
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(nonsense.size() + 1);
    originals.assertEachInExactlyOnePlace();
  }

  private void image(String name, byte[] bytes, String... reason) throws IOException {
    drop("avatar", name + ".png", bytes);
    originals.dropped(
        TestMedia.wav(place.inbox("avatar").resolve(name + ".wav"), Duration.ofSeconds(3), seed++));
    refusal("invalid", "avatar/" + name, reason);
  }

  private void voice(String name, byte[] bytes, String... reason) throws IOException {
    drop("avatar", name + ".wav", bytes);
    originals.dropped(
        TestMedia.png(place.inbox("avatar").resolve(name + ".png"), 320, 320, seed++));
    refusal("invalid", "avatar/" + name, reason);
  }

  private void strict(String name, int width, int height, int seconds, String... reason)
      throws IOException {
    var inbox = place.inbox("strict");
    originals.dropped(TestMedia.png(inbox.resolve(name + ".png"), width, height, seed++));
    originals.dropped(
        TestMedia.wav(inbox.resolve(name + ".wav"), Duration.ofSeconds(seconds), seed++));
    refusal("invalid", "strict/" + name, reason);
  }

  private void sidecar(String file, String text, String... reason) throws IOException {
    var stem = file.substring(0, file.lastIndexOf('.'));
    drop("avatar", file, text.getBytes(StandardCharsets.UTF_8));
    originals.dropped(TestMedia.pair(place.inbox("avatar"), stem, seed++));
    refusal("invalid", "avatar/" + stem, reason);
  }

  private void still(String name, String json, String... reason) throws IOException {
    drop("v2-1", name + ".json", json.getBytes(StandardCharsets.UTF_8));
    originals.dropped(TestMedia.png(place.inbox("v2-1").resolve(name + ".png"), 320, 320, seed++));
    refusal("invalid", "v2-1/" + name, reason);
  }

  private void drop(String profile, String name, byte[] bytes) throws IOException {
    var file = place.inbox(profile).resolve(name);
    Files.write(file, bytes);
    if (bytes.length > 0) {
      originals.dropped(file);
    }
  }

  private void refusal(String channel, String path, String... reason) {
    expected.put(channel + "/" + path, reason);
  }

  private void assertRefusals() throws IOException {
    for (var refusal : expected.entrySet()) {
      var home = "failed/" + refusal.getKey();
      assertThat(folder.resolve(home + "/error.json")).exists();
      var error = place.note(home + "/error.json");
      assertThat(error.path("failMessage").asText())
          .as(refusal.getKey())
          .contains(refusal.getValue())
          .doesNotContain("Exception", "cannot be read");
      assertThat(error.path("charged").asText()).isEqualTo("no");
      for (var file : error.path("files")) {
        assertThat(folder.resolve(home).resolve(file.asText())).exists();
      }
      assertThat(folder.resolve(home + "/error.txt")).content().contains("Did it cost?    No.");
    }
    originals.assertEachInExactlyOnePlace();
    assertThat(place.tree("inbox")).isEmpty();
  }

  /** A model with limits of every kind. */
  private void strictProfile() throws IOException {
    var models = Files.createDirectories(folder.resolve("config/models/kie"));
    Files.writeString(
        models.resolve("strict.yaml"),
        """
        provider: kie
        model: strict/avatar
        title: Strict
        source: made for this test
        media:
          image:
            field: image_url
            required: true
            types: [image/png]
            max-size: 10MB
            min-side: 300
            min-ratio: "1:2.5"
            max-ratio: "2.5:1"
          audio:
            field: audio_url
            required: true
            types: [audio/wav]
            max-size: 10MB
            min-seconds: 2
            max-seconds: 15
        input:
          type: object
          additionalProperties: false
          required: [prompt]
          properties:
            prompt: {type: string, maxLength: 5000, default: ""}
        """);
    var profiles = Files.createDirectories(folder.resolve("config/profiles"));
    Files.writeString(
        profiles.resolve("strict.yaml"),
        """
        description: strict
        provider: kie
        model: strict/avatar
        parameters: {}
        sidecar: optional
        """);
  }

  private static byte[] bytes(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private byte[] padded(byte[] bytes, int size) throws IOException {
    var file = folder.resolve("padded");
    Files.write(file, bytes);
    try (var grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(size);
    }
    return bytes(file);
  }

  /** A PNG of a few bytes whose header promises a picture of several gigabytes. */
  private static byte[] bomb() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    var header =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(60_000)
            .putInt(60_000)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    var crc = new CRC32();
    crc.update(header);
    out.writeInt(13);
    out.write(header);
    out.writeInt((int) crc.getValue());
    out.write(new byte[] {0, 0, 0, 0, 'I', 'D', 'A', 'T'});
    return bytes.toByteArray();
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
