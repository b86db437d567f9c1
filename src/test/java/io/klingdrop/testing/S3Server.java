package io.klingdrop.testing;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.s3.Store;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server (S3Proxy over a folder) as a process of its own. It can be killed and started
 * again on the same port with the same objects. The first requests to a new one cost most: one that
 * still runs when it is closed is emptied and serves the next test of this process.
 */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "studio";
  public static final String ACCESS_KEY = "test-access-key";
  public static final String SECRET_KEY = "test-secret-key-that-is-nowhere-printed";

  private static final Path JAR = Path.of("target", "s3-server", "s3proxy.jar").toAbsolutePath();

  private static @Nullable String archive;
  private static @Nullable S3Server idle;

  private final Path folder;
  private final int port;
  private final String option;
  private Process process;

  private S3Server(Path folder, int port, String option) {
    this.folder = folder;
    this.port = port;
    this.option = option;
  }

  /** A server with one empty bucket and nothing else. */
  public static synchronized S3Server start() throws IOException {
    var server = idle;
    if (server != null) {
      idle = null;
      return server.withBucket(BUCKET);
    }
    var option = prepared();
    var made = start(Files.createTempDirectory(JAR.getParent(), "run"), option);
    Runtime.getRuntime().addShutdownHook(new Thread(made::end));
    return made;
  }

  private static S3Server start(Path folder, String option) throws IOException {
    return new S3Server(folder, freePort(), option).withBucket(BUCKET).restart();
  }

  private static synchronized String prepared() throws IOException {
    if (archive == null) {
      archive = ClassArchive.option(JAR, S3Server::runOnce);
    }
    return archive;
  }

  private static void runOnce(String making, Path temp) throws Exception {
    var server = start(temp, making);
    try (var store = server.store()) {
      store.put("some", "thing", "text/plain", Map.of());
      server.keys();
    }
    server.process.destroy();
    server.process.onExit().join();
  }

  /** Makes another empty bucket. */
  public S3Server withBucket(String name) throws IOException {
    Files.createDirectories(folder.resolve("data").resolve(name));
    return this;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it where it was killed. */
  public S3Server restart() throws IOException {
    var properties =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            String.join(
                "\n",
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + folder.resolve("data"),
                ""));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xlog:disable",
                option,
                "-DLOG_LEVEL=warn",
                "-jar",
                JAR.toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    Patience.await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new IllegalStateException(Files.readString(folder.resolve("s3proxy.log")));
    }
    return this;
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The settings of a place that uses the bucket. */
  public Workplace serve(Workplace place) {
    settings().forEach(place::set);
    return place;
  }

  public Map<String, String> settings() {
    return Map.of(
        "klingdrop.s3.bucket", BUCKET,
        "klingdrop.s3.endpoint", url().toString(),
        "klingdrop.s3.access-key", ACCESS_KEY,
        "klingdrop.s3.secret-key", SECRET_KEY);
  }

  /** The bucket, with parts of 5 MiB. */
  public Store store() {
    return store(BUCKET);
  }

  /** Any bucket. */
  public Store store(String bucket) {
    return new Store(s3(bucket, SECRET_KEY), ProxySettings.NONE, notes());
  }

  /** Where its stores keep notes about uploads that are under way. */
  public Path notes() {
    return folder.resolve("notes");
  }

  /** Any bucket and any key. */
  public S3Settings s3(String bucket, String secret) {
    return new S3Settings(
        bucket,
        "",
        "us-east-1",
        url(),
        true,
        new S3Settings.Keys(ACCESS_KEY, secret),
        "{prefix}{profile}/{path}{name}",
        5L << 20);
  }

  /** All keys in the bucket, sorted. */
  public List<String> keys() {
    try (var store = store()) {
      return store.list("").stream().map(stored -> stored.key()).sorted().toList();
    }
  }

  /** The keys of uploads in parts that were begun and neither finished nor thrown away. */
  public List<String> unfinishedUploads() {
    try (var store = store()) {
      return ((S3Client) store.client())
          .listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
              .map(upload -> upload.key())
              .toList();
    }
  }

  /** The file behind an object. */
  public Path object(String key) {
    return folder.resolve("data").resolve(BUCKET).resolve(key);
  }

  @Override
  public void close() {
    synchronized (S3Server.class) {
      if (idle == null && process.isAlive() && emptied()) {
        idle = this;
      } else {
        end();
      }
    }
  }

  private boolean emptied() {
    try {
      AtomicFiles.deleteTree(folder.resolve("data"));
      AtomicFiles.deleteTree(notes());
      return true;
    } catch (IOException e) {
      // somebody is still writing there
      return false;
    }
  }

  private void end() {
    kill();
    try {
      AtomicFiles.deleteTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
