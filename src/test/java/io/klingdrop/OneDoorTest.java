package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.app.Klingdrop;
import io.klingdrop.app.StartChecks;
import io.klingdrop.files.Grounds;
import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.BundleException;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever hands a bundle over, by the port, by a route or by the template, is told the same of it,
 * and what is let in is what the folder takes. One program serves all cases; its inbox settles so
 * slowly that nothing is taken out of it.
 */
class OneDoorTest {
  private static final CompletableFuture<CamelContext> CONTEXT = new CompletableFuture<>();
  private static final Map<String, byte[]> CONTENTS = new HashMap<>();

  @TempDir private static Path folder;
  private static Settings settings;
  private static Http http;
  private static Klingdrop klingdrop;
  private static Thread thread;
  private static ProducerTemplate sender;

  @BeforeAll
  static void start() throws Exception {
    var pair = TestMedia.pair(folder.resolve("made"), "x", 1);
    CONTENTS.put("png", Files.readAllBytes(pair.image()));
    CONTENTS.put("jpg", Files.readAllBytes(TestMedia.jpeg(folder.resolve("x.jpg"), 400, 400, 1)));
    CONTENTS.put("wav", Files.readAllBytes(pair.audio()));
    CONTENTS.put("mp3", text("no song"));
    CONTENTS.put("txt", text("speak slowly"));
    CONTENTS.put("json", text("{\"prompt\": \"speak slowly\"}"));
    CONTENTS.put("yaml", text("{}"));
    CONTENTS.put("_defaults.yaml", text("prompt: speak slowly"));
    CONTENTS.put("spoken.json", text("{\"audio_id\": \"voice-7\"}"));
    var port = Http.freePort();
    http = new Http(port);
    settings =
        SettingsReader.load(
            Files.createDirectories(folder.resolve("place")),
            Map.of(),
            Map.of("klingdrop.http.port", Integer.toString(port), "klingdrop.inbox.settle", "1d"));
    klingdrop = new Klingdrop(settings);
    klingdrop.add(
        new RouteBuilder() {
          @Override
          public void configure() {
            var context = getContext();
            TemplatedRouteBuilder.builder(context, "klingdrop-submit")
                .routeId("bundles")
                .parameter("source", "direct:bundles")
                .add();
            CONTEXT.complete(context);
          }
        });
    thread = new Thread(OneDoorTest::run, "klingdrop-under-test");
    thread.start();
    await()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> http.get("/observe/health/live").statusCode() == 200);
    await().until(() -> CONTEXT.join().getRoute("bundles") != null);
    sender = CONTEXT.join().createProducerTemplate();
  }

  private static void run() {
    try {
      klingdrop.run(false);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    sender.close();
    klingdrop.stop();
    thread.join();
    klingdrop.close();
  }

  @AfterEach
  void clear() throws IOException {
    for (var file : inbox().keySet()) {
      Files.delete(settings.folders().inbox().resolve(file));
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What lies in the inbox, with the length of each file. */
  private static Map<String, Long> inbox() throws IOException {
    var top = settings.folders().inbox();
    try (var walk = Files.walk(top)) {
      var found = new TreeMap<String, Long>();
      for (var file : (Iterable<Path>) walk::iterator) {
        if (Files.isRegularFile(file) && !file.getFileName().toString().equals(Grounds.MARK)) {
          found.put(top.relativize(file).toString(), Files.size(file));
        }
      }
      return found;
    }
  }

  /**
   * A bundle somebody sends.
   *
   * @param name what the result is to be called, empty for nothing said
   * @param files names, which say what is in them
   * @param there names of files that lie in the profile's folder before
   * @param code of the refusal; empty if it is let in
   * @param byHand whether a person who drops these very files is told the same
   */
  private record Sent(
      String profile,
      String name,
      List<String> files,
      List<String> there,
      String code,
      boolean byHand) {

    Sent called(String name) {
      return new Sent(profile, name, files, there, code, false);
    }

    Sent beside(String... there) {
      return new Sent(profile, name, files, List.of(there), code, byHand);
    }

    Sent to(String profile) {
      return new Sent(profile, name, files, there, code, byHand);
    }

    /** Where the same files mean something else in a folder, or cannot lie there. */
    Sent notByHand() {
      return new Sent(profile, name, files, there, code, false);
    }

    Map<String, byte[]> contents() {
      var contents = new TreeMap<String, byte[]>();
      files.forEach(file -> contents.put(file, content(file)));
      return contents;
    }
  }

  private static byte[] content(String file) {
    var extension = file.substring(file.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
    return CONTENTS.getOrDefault(file, CONTENTS.getOrDefault(extension, text("whatever")));
  }

  private static Sent taken(String... files) {
    return new Sent("avatar", "", List.of(files), List.of(), "", true);
  }

  private static Sent refused(String code, String... files) {
    return new Sent("avatar", "", List.of(files), List.of(), code, true);
  }

  static Stream<Sent> bundles() {
    return Stream.of(
        taken("anna.png", "anna.wav"),
        taken("anna.JPG", "anna.WAV"),
        taken("anna.png", "anna.wav", "anna.txt", "anna.yaml"),
        taken("face.png", "speech.wav").called("anna"),
        taken("e\u0301.png", "\u00e9.wav").called("e\u0301"),
        taken("anna.wav").beside("_image.png"),
        taken("host__01.wav").beside("host.png"),
        taken("host__01.wav", "host__01.png").beside("host.png"),
        taken("anna.png", "anna.txt").to("v2-1"),
        taken("anna.png", "anna.json").to("v2-1"),
        taken("anna.png").to("v2-1").beside("_defaults.yaml"),
        taken("spoken.png", "spoken.json").to("kling-avatar"),
        refused("bundle-no-recording", "anna.png", "anna.json").to("kling-avatar"),
        refused("bundle-file-kind", "anna.png", "anna.exe", "anna.wav").notByHand(),
        refused("bundle-file-kind", "anna.docx"),
        refused("bundle-too-many", "anna.png", "anna.jpg", "anna.wav"),
        refused("bundle-too-many", "anna.png", "mia.png", "anna.wav").notByHand(),
        refused("bundle-too-many", "anna.png", "anna.wav", "anna.mp3"),
        refused("bundle-too-many", "anna.png", "anna.wav", "anna.json", "anna.yaml"),
        refused("bundle-too-many", "anna.png", "anna.jpg", "anna.txt").to("v2-1"),
        refused("bundle-too-many", "host__01.wav").beside("host.png", "host.jpg"),
        refused("bundle-no-picture"),
        refused("bundle-no-picture", "anna.wav"),
        refused("bundle-no-picture", "anna.wav").beside("mia.png"),
        refused("bundle-no-picture", "anna.txt"),
        refused("bundle-no-recording", "anna.png"),
        refused("bundle-no-recording", "anna.png", "anna.txt"),
        refused("bundle-recording-not-taken", "anna.png", "anna.wav", "anna.txt").to("v2-1"),
        refused("bundle-no-sidecar", "anna.png").to("v2-1"),
        refused("no-such-profile", "anna.png", "anna.wav").to("nobody"),
        refused("bundle-bad-name", "anna.png", "anna.wav").called("../anna"),
        refused("bundle-bad-name", "anna.png", "anna.wav").called("a\\b"),
        refused("bundle-bad-name", "../anna.png", "anna.wav").notByHand(),
        refused("bundle-bad-name", "anna.png", "anna.wav").to("../x").notByHand(),
        refused("bundle-reserved-name", ".x.png", ".x.wav"),
        refused("bundle-reserved-name", "~$x.png", "~$x.wav"),
        refused("bundle-reserved-name", "_image.png", "_image.wav").notByHand(),
        refused("bundle-reserved-name", "error.png", "error.wav", "error.json").notByHand(),
        refused(
            "bundle-reserved-name",
            "a (conflicted copy 2026-01-02 123456).png",
            "a (conflicted copy 2026-01-02 123456).wav"));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyDoorSaysTheSame(Sent sent) throws Exception {
    var doors = new TreeMap<String, String>();
    var left = new TreeMap<String, Map<String, Long>>();
    for (var door : List.of("port", "route", "template")) {
      for (var file : sent.there()) {
        put(sent.profile(), file);
      }
      doors.put(door, code(door, sent, ""));
      left.put(door, inbox());
      if (sent.code().isEmpty()) {
        assertThat(takenByTheFolder(sent)).as(door).isTrue();
      }
      clear();
    }
    assertThat(doors.values()).as(doors.toString()).containsOnly(sent.code());
    assertThat(left.values().stream().distinct()).as(left.toString()).hasSize(1);
    assertThat(left.get("port"))
        .hasSize(sent.there().size() + (sent.code().isEmpty() ? sent.files().size() : 0));
    if (sent.byHand()) {
      for (var file : Stream.concat(sent.there().stream(), sent.files().stream()).toList()) {
        put(sent.profile(), file);
      }
      assertThat(takenByTheFolder(sent)).as("dropped by hand").isEqualTo(sent.code().isEmpty());
    }
  }

  @Test
  void everyDoorTakesAllKindsOfFiles() throws Exception {
    var kinds = Http.json(http.get("/ops/api/profiles")).path("kinds");
    var count = 0;
    for (var role : List.of("image", "audio", "sidecar")) {
      for (var kind : kinds.path(role)) {
        var files = new ArrayList<>(List.of("anna." + kind.asText()));
        files.addAll(role.equals("image") ? List.of() : List.of("anna.png"));
        files.addAll(role.equals("audio") ? List.of() : List.of("anna.wav"));
        for (var door : List.of("port", "route", "template")) {
          assertThat(code(door, taken(files.toArray(String[]::new)), ""))
              .as(files + door)
              .isEmpty();
        }
        count++;
      }
    }
    assertThat(count).isGreaterThan(20);
    assertThat(plan().bundles()).hasSize(3 * count);
  }

  @Test
  void oneKeyIsOneBundleAtAllDoors() throws Exception {
    var bundle = taken("anna.wav").beside("_image.png");
    put("avatar", "_image.png");
    var key = UUID.randomUUID().toString();
    var id = Http.json(upload(bundle, key)).path("job").asText();
    // the answer stays the same although the same files would not be let in now
    Files.delete(settings.folders().inbox().resolve("avatar/_image.png"));
    assertThat(submit("direct:klingdrop.submit", bundle, key)).isEqualTo(id);
    assertThat(submit("direct:bundles", bundle, key)).isEqualTo(id);
    assertThat(inbox().keySet()).containsExactly("avatar/anna.wav");
    for (var door : List.of("port", "route", "template")) {
      assertThat(code(door, taken("anna.png", "anna.wav"), key))
          .isEqualTo("idempotency-key-reused");
      assertThat(code(door, bundle, "k".repeat(256))).isEqualTo("idempotency-key");
    }
  }

  private static void put(String profile, String file) throws IOException {
    var to = Files.createDirectories(settings.folders().inbox().resolve(profile));
    Files.write(to.resolve(file), content(file));
  }

  private static InboxPlan plan() {
    return InboxPlan.of(settings, StartChecks.catalogue(settings), klingdrop.queries());
  }

  /** Whether the inbox as it lies makes one good job of the bundle's files. */
  private static boolean takenByTheFolder(Sent sent) {
    var good = plan().bundles().stream().filter(planned -> planned.refusal() == null).toList();
    return good.size() == 1 && good.get(0).files().size() >= sent.files().size();
  }

  /** The code of the refusal at a door; empty if the bundle is let in. */
  private static String code(String door, Sent sent, String key) throws IOException {
    if (door.equals("port")) {
      var answer = upload(sent, key);
      if (answer.statusCode() == 202) {
        assertThat(Http.json(answer).path("job").asText()).startsWith("kd");
        return "";
      }
      return Http.json(answer).at("/error/code").asText();
    }
    try {
      var uri = door.equals("route") ? "direct:klingdrop.submit" : "direct:bundles";
      assertThat(submit(uri, sent, key)).startsWith("kd");
      return "";
    } catch (CamelExecutionException e) {
      assertThat(e).hasCauseInstanceOf(BundleException.class);
      return ((BundleException) e.getCause()).fault().code();
    }
  }

  private static String submit(String uri, Sent sent, String key) {
    return sender.requestBodyAndHeaders(
        uri,
        sent.contents(),
        Map.of(
            "KlingdropProfile", sent.profile(),
            "KlingdropName", sent.name(),
            "KlingdropIdempotencyKey", key),
        String.class);
  }

  private static HttpResponse<String> upload(Sent sent, String key) throws IOException {
    var out = new ByteArrayOutputStream();
    part(out, "name=\"profile\"", text(sent.profile()));
    part(out, "name=\"name\"", text(sent.name()));
    for (var file : sent.contents().entrySet()) {
      part(
          out,
          "name=\"f%d\"; filename=\"%s\"".formatted(out.size(), file.getKey()),
          file.getValue());
    }
    out.write(text("--edge--\r\n"));
    var call =
        http.to("/ops/api/bundles")
            .header("Content-Type", "multipart/form-data; boundary=edge")
            .header("X-Klingdrop", "1")
            .timeout(Duration.ofMinutes(1));
    if (!key.isEmpty()) {
      call.header("Idempotency-Key", key);
    }
    return http.send(call.POST(BodyPublishers.ofByteArray(out.toByteArray())).build());
  }

  private static void part(ByteArrayOutputStream out, String disposition, byte[] content)
      throws IOException {
    out.write(text("--edge\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n"));
    out.write(content);
    out.write(text("\r\n"));
  }
}
