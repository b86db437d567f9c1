package io.klingdrop.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.Hashes;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import io.klingdrop.testing.ProxyServer;
import io.klingdrop.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** One bucket of a real server: what is put, what is never replaced, what trouble is called. */
class StoreTest {
  @TempDir private static Path folder;
  private static S3Server server;

  private Store store;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    store = server.store();
  }

  @AfterEach
  void close() {
    store.list("").forEach(stored -> store.remove(stored.key()));
    store.close();
  }

  private static Path file(String name, int bytes) throws IOException {
    var content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(folder.resolve(name), content);
  }

  private static Map<String, String> hashOf(Path file) throws IOException {
    return Map.of(Stored.SHA256, Hashes.sha256(file));
  }

  @Test
  void anObjectKeepsItsBytesAndWhatIsSaidAboutIt() throws IOException {
    var film = file("film", 100_000);
    store.put("a/film ü.mp4", film, "video/mp4", hashOf(film));

    var stored = store.find("a/film ü.mp4").orElseThrow();
    assertThat(stored.bytes()).isEqualTo(100_000);
    assertThat(stored.metadata()).containsEntry(Stored.SHA256, Hashes.sha256(film));
    assertThat(server.object("a/film ü.mp4")).hasSameBinaryContentAs(film);
    assertThat(store.find("a/other")).isEmpty();
  }

  @Test
  void anObjectIsNeverReplacedNeitherWholeNorInParts() throws IOException {
    var first = file("first", 1000);
    store.put("film", first, "video/mp4", Map.of());

    for (var bytes : new int[] {2000, 12_000_000}) {
      var second = file("second", bytes);
      assertThatThrownBy(() -> store.put("film", second, "video/mp4", hashOf(second)))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.trouble()).isEqualTo(StoreException.Trouble.TAKEN));
    }
    assertThat(server.object("film")).hasSameBinaryContentAs(first);
    assertThat(server.keys()).containsExactly("film");
    assertThat(server.unfinishedUploads()).doesNotContain("film");
  }

  @Test
  void aLargeFileGoesInPartsWithAllThatIsSaidAboutIt() throws IOException {
    var film = file("large", 17_000_001);
    store.put("large.mp4", film, "video/mp4", hashOf(film));

    assertThat(server.object("large.mp4")).hasSameBinaryContentAs(film);
    var stored = store.find("large.mp4").orElseThrow();
    assertThat(stored.metadata()).containsEntry(Stored.SHA256, Hashes.sha256(film));
    assertThat(server.keys()).containsExactly("large.mp4");
    assertThat(openFiles("large")).isZero();
  }

  private static long openFiles(String name) throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(fd -> target(fd).endsWith("/" + name)).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void whatADeadTryLeftIsThrownAwayByTheNextOne() throws IOException {
    var uploads = server.notes().resolve("uploads");
    var notes = new UploadNotes(uploads, false);
    notes.named(notes.keep(S3Server.BUCKET, "dead"), begun("dead"));
    begun("unnamed");
    notes.keep(S3Server.BUCKET, "unnamed");
    notes.named(notes.keep(S3Server.BUCKET, "gone"), "no-such-upload");
    Files.writeString(uploads.resolve("cut.upload"), "");
    begun("somebody's");

    store.put("large.mp4", file("large", 12_000_000), "video/mp4", Map.of());

    assertThat(server.unfinishedUploads()).containsExactly("somebody's");
    assertThat(uploads).isEmptyDirectory();
  }

  @Test
  void anUploadWithoutANameMayBeAnotherNodes() throws IOException {
    var notes = new UploadNotes(server.notes().resolve("uploads"), true);
    var theirs = begun("theirs");
    notes.keep(S3Server.BUCKET, "theirs");
    try (var node =
        new Store(
            server.s3(S3Server.BUCKET, S3Server.SECRET_KEY),
            ProxySettings.NONE,
            server.notes(),
            true)) {
      node.put("node.mp4", file("node", 12_000_000), "video/mp4", Map.of());
    }

    assertThat(server.unfinishedUploads()).contains("theirs");
    assertThat(server.notes().resolve("uploads")).isEmptyDirectory();
    ((S3Client) store.client())
        .abortMultipartUpload(
            abort -> abort.bucket(S3Server.BUCKET).key("theirs").uploadId(theirs));
  }

  private String begun(String key) {
    return ((S3Client) store.client())
        .createMultipartUpload(begin -> begin.bucket(S3Server.BUCKET).key(key))
        .uploadId();
  }

  @Test
  void bytesThatAreNotThoseOfTheHashAreRefused() throws IOException {
    var film = file("film", 1000);
    var wrong = Map.of(Stored.SHA256, Hashes.sha256("something else"));

    assertThatThrownBy(() -> store.put("film", film, "video/mp4", wrong))
        .isInstanceOf(StoreException.class);
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void aSignedAddressIsReadByAnybodyAndNoOtherIs() throws Exception {
    store.put("media/x.png", "picture", "image/png", Map.of());
    var address = store.sign("media/x.png", Duration.ofHours(3));

    assertThat(get(address)).isEqualTo("200 picture");
    assertThat(get(address.replaceFirst("\\?.*", ""))).startsWith("403");
    assertThat(get(address.replace("x.png", "y.png"))).startsWith("403");
  }

  private static String get(String address) throws IOException, InterruptedException {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void refusedKeysAMissingBucketAndASilentServerAreCalledByTheirNames() {
    try (var wrong =
        new Store(server.s3(S3Server.BUCKET, "wrong-secret-key"), ProxySettings.NONE, folder)) {
      assertPlace(wrong, "refuses the keys (SignatureDoesNotMatch)");
    }
    try (var missing =
        new Store(server.s3("nobodys-bucket", S3Server.SECRET_KEY), ProxySettings.NONE, folder)) {
      assertPlace(missing, "does not exist; make it, or set klingdrop.s3.bucket");
    }
    server.kill();
    try {
      assertPlace(store, "cannot be reached: ");
    } finally {
      restart();
    }
  }

  private static void restart() {
    try {
      server.restart();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertPlace(Store store, String said) {
    assertThatThrownBy(store::probe)
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.trouble()).isEqualTo(StoreException.Trouble.PLACE))
        .hasMessageContaining(said)
        .hasMessageNotContaining("secret-key-")
        .hasMessageContaining(store.settings().bucket());
  }

  @Test
  void anObjectUnderAKeyOfOurOwnIsTheOneWhoseAnswerWasLost() throws IOException {
    var film = file("own", 1000);
    store.put("media/own", film, "video/mp4", hashOf(film));
    store.putNew("media/own", film, "video/mp4", hashOf(film));
    assertThat(server.object("media/own")).hasSameBinaryContentAs(film);
  }

  @Test
  void aProbeLeavesNothing() {
    assertThat(store.probe()).contains("bucket studio");
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void aLargeFileNeedsLittleMemoryInPartsAndWhole() throws Exception {
    var bytes = Integer.getInteger("klingdrop.s3.large", 50_000_000);
    var film = folder.resolve("huge");
    var chunk = new byte[1_000_000];
    new Random(1).nextBytes(chunk);
    try (var out = Files.newOutputStream(film)) {
      for (int n = 0; n < bytes / chunk.length; n++) {
        out.write(chunk);
      }
    }
    for (var partSize : new String[] {"5242880", "5368709120"}) {
      var key = "huge-" + partSize;
      assertThat(putWith32Megabytes(film, key, partSize)).isZero();
      assertThat(Hashes.sha256(server.object(key))).isEqualTo(Hashes.sha256(film));
    }
  }

  private static int putWith32Megabytes(Path film, String key, String partSize) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"),
            PutOneFile.class.getName(),
            server.url().toString(),
            key,
            film.toString(),
            partSize)
        .inheritIO()
        .start()
        .waitFor();
  }

  private static S3Settings at(String endpoint) {
    var plain = server.s3(S3Server.BUCKET, S3Server.SECRET_KEY);
    return new S3Settings(
        plain.bucket(),
        plain.prefix(),
        plain.region(),
        URI.create(endpoint),
        true,
        plain.keys(),
        plain.key(),
        plain.partSize());
  }

  private static ProxySettings through(ProxyServer proxy) {
    var url = URI.create(proxy.url());
    var one = new ProxySettings.Proxy(url.getHost(), url.getPort(), "me", "word");
    return new ProxySettings(one, one, List.of());
  }

  @Test
  void aBucketBehindAProxyIsReachedThroughIt() throws Exception {
    try (var proxy = new ProxyServer("me:word").leads("s3.test", server.url().getPort());
        var far = new Store(at("http://s3.test"), through(proxy), folder)) {
      far.put("far.bin", file("far.bin", 1000), "video/mp4", Map.of());

      assertThat(store.find("far.bin").orElseThrow().bytes()).isEqualTo(1000);
      assertThat(proxy.heads()).isNotEmpty().allMatch(head -> head.contains(" http://s3.test/"));
    }
  }
}
