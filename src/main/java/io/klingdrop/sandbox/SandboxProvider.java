package io.klingdrop.sandbox;

import io.klingdrop.sandbox.kie.KieDialect;
import io.klingdrop.sandbox.kie.KieTerms;
import io.klingdrop.sandbox.kie.KieUploads;
import io.klingdrop.sandbox.kie.SandboxRoutes;
import io.klingdrop.sandbox.kling.KlingDialect;
import io.klingdrop.sandbox.kling.KlingMedia;
import io.klingdrop.sandbox.kling.KlingRoutes;
import io.klingdrop.sandbox.kling.KlingTerms;
import io.klingdrop.sandbox.task.SandboxScript;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskArchive;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.UploadShelf;
import io.klingdrop.sandbox.task.Workshop;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A provider that runs on this machine: speaks the dialects of kie.ai and, below a prefix, of Kling
 * over HTTP on the loopback address and makes a real video of what it is sent. It takes any key,
 * keeps its tasks and files in its folder and takes them up again at the next start, and does odd
 * things when a prompt asks for them, see {@link SandboxScript}.
 *
 * <p>It plays the remote party and therefore shares nothing with the application that talks to it:
 * its routes live in a Camel context of their own. Thread-safe.
 */
public final class SandboxProvider implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  /** A little more than the 100 MB the provider takes. */
  private static final long LARGEST_UPLOAD = 128L << 20;

  /** What a new account with kie.ai holds. */
  private static final double CREDITS_AT_START = 10_000;

  /** How long closing waits for the one video that is being made. */
  private static final Duration LONGEST_VIDEO = Duration.ofSeconds(5);

  private final CamelContext context;
  private final ThreadPoolExecutor workshop;
  private final CountDownLatch closing;
  private final URI baseUrl;

  private SandboxProvider(
      CamelContext context, ThreadPoolExecutor workshop, CountDownLatch closing, URI baseUrl) {
    this.context = context;
    this.workshop = workshop;
    this.closing = closing;
    this.baseUrl = baseUrl;
  }

  /** The same as the other start, with every model known. */
  public static SandboxProvider start(Path workFolder, int port) throws IOException {
    return start(workFolder, port, model -> true);
  }

  /**
   * Starts a provider; requests are answered when this returns.
   *
   * @param workFolder where uploads, tasks and results lie, created if it does not exist
   * @param port 1 to 65535, or 0 for any that is free
   * @param knownModel tells the model ids that createTask accepts
   * @throws IOException if the folder cannot be written or the port is taken
   */
  public static SandboxProvider start(Path workFolder, int port, Predicate<String> knownModel)
      throws IOException {
    requireFree(port);
    var folder = workFolder.toAbsolutePath().normalize();
    var uploads = Files.createDirectories(folder.resolve("uploads"));
    var results = Files.createDirectories(folder.resolve("results"));
    var tasks = Files.createDirectories(folder.resolve("tasks"));
    var spool = Files.createDirectories(folder.resolve("spool"));
    var context = new DefaultCamelContext(false);
    var queue = new LinkedBlockingQueue<Runnable>();
    var workshop =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue, SandboxProvider::workshopThread);
    var closing = new CountDownLatch(1);
    try {
      context.getCamelContextExtension().setName("klingdrop-sandbox");
      context.getShutdownStrategy().setTimeout(2);
      context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
      context.build();
      context.getRegistry().bind("vertxOptions", options());
      var server = new VertxPlatformHttpServer(configuration(port, spool));
      context.addService(server);
      context.start();
      var baseUrl = URI.create("http://" + HOST + ":" + server.getPort());
      var clock = InstantSource.system();
      var shelf = new UploadShelf(uploads, baseUrl, clock);
      var lives = new Workshop(results, new TaskArchive(tasks), baseUrl, clock, workshop);
      var desk = new TaskDesk(clock);
      desk.takeOver(lives.resume());
      var terms = new KieTerms(anyKey -> true, knownModel, shelf::find, SandboxProvider::credits);
      var kie = new KieDialect(desk, terms, clock, baseUrl);
      context.addRoutes(new SandboxRoutes(kie, new KieUploads(shelf), desk, lives, closing));
      var media = new KlingMedia(folder.resolve("media"), (field, address) -> shelf.find(address));
      var klingTerms = new KlingTerms(media, audio -> false, SandboxProvider::units);
      context.addRoutes(new KlingRoutes(new KlingDialect(desk, klingTerms, clock), lives));
      return new SandboxProvider(context, workshop, closing, baseUrl);
    } catch (Exception e) {
      workshop.shutdownNow();
      context.close();
      throw new IOException("the sandbox cannot start on port " + port, e);
    }
  }

  /** Scheme, host and port, without a slash at the end; uploads go to the same address. */
  public URI baseUrl() {
    return baseUrl;
  }

  /**
   * Where Kling's dialect is spoken: what stands before {@code /v1}, without a slash at the end.
   */
  public URI klingUrl() {
    return URI.create(baseUrl + KlingRoutes.PREFIX);
  }

  /** Stops answering. Tasks and files stay for the next start. Calling this twice is fine. */
  @Override
  public void close() {
    closing.countDown();
    workshop.getQueue().clear();
    workshop.shutdown();
    context.stop();
    try {
      workshop.awaitTermination(LONGEST_VIDEO.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workshop.shutdownNow();
  }

  private static BigDecimal credits(TaskDesk desk) {
    return BigDecimal.valueOf(CREDITS_AT_START - desk.spent(SandboxTask::isKie));
  }

  private static double units(TaskDesk desk) {
    return KlingDialect.UNITS_AT_START - desk.spent(task -> !task.isKie());
  }

  /** The server only logs a failure to bind, so a port that is taken has to be found out before. */
  private static void requireFree(int port) throws IOException {
    try {
      new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})).close();
    } catch (BindException e) {
      throw new IOException("the sandbox cannot start: port " + port + " is taken", e);
    }
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setInternalBlockingPoolSize(2)
        .setMaxWorkerExecuteTimeUnit(TimeUnit.MINUTES)
        .setMaxWorkerExecuteTime(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static VertxPlatformHttpServerConfiguration configuration(int port, Path spool) {
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost(HOST);
    configuration.setBindPort(port);
    configuration.setMaxBodySize(LARGEST_UPLOAD);
    configuration.getBodyHandler().setUploadsDirectory(spool.toString());
    configuration.getBodyHandler().setDeleteUploadedFilesOnEnd(true);
    return configuration;
  }

  private static Thread workshopThread(Runnable work) {
    var thread = new Thread(work, "klingdrop-sandbox-workshop");
    thread.setDaemon(true);
    return thread;
  }
}
