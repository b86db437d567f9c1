package io.klingdrop.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;

/**
 * Artemis, which speaks AMQP too, and Kafka in virtual machines of their own; what they keep
 * outlives a stop.
 */
public final class Brokers implements AutoCloseable {
  private static final Path SOURCES = Path.of("src/test/brokers").toAbsolutePath();
  private static final Path JARS = Path.of("target/brokers").toAbsolutePath();

  private final Path data;
  private final List<Process> running = new ArrayList<>();
  public final int artemisPort = freePort();
  public final int kafkaPort = freePort();
  private final int controllerPort = freePort();

  /** Brokers that keep their files in a folder; their jars are fetched at the first use. */
  public Brokers(Path data) throws IOException, InterruptedException {
    this.data = Files.createDirectories(data);
    for (var broker : List.of("artemis", "kafka")) {
      if (!Files.isDirectory(JARS.resolve(broker))) {
        fetch(SOURCES.resolve("pom.xml"), broker, JARS.resolve(broker));
      }
    }
    Files.writeString(
        data.resolve("kafka.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        group.initial.rebalance.delay.ms=0
        num.partitions=3
        log.dirs=%3$s
        """
            .formatted(kafkaPort, controllerPort, data.resolve("kafka")));
  }

  /** Copies the jars of profiles of the zip's own pom, as docs/embed.md tells people to. */
  public static void fetchComponents(String profiles, Path to)
      throws IOException, InterruptedException {
    var pom = Files.createTempFile("components", ".xml");
    try (var zip = new ZipFile(System.getProperty("klingdrop.zip"))) {
      var entry =
          zip.stream()
              .filter(file -> file.getName().endsWith("/share/components/pom.xml"))
              .findFirst()
              .orElseThrow();
      Files.write(pom, zip.getInputStream(entry).readAllBytes());
      fetch(pom, profiles, to);
    } finally {
      Files.delete(pom);
    }
  }

  private static void fetch(Path pom, String profiles, Path to)
      throws IOException, InterruptedException {
    run(
        List.of(
            "mvn",
            "-q",
            "-B",
            "-f",
            pom.toString(),
            "-P" + profiles,
            "dependency:copy-dependencies",
            "-DoutputDirectory=" + to));
  }

  /** Starts both for the first time. */
  public Brokers start() throws IOException, InterruptedException {
    var properties = data.resolve("kafka.properties").toString();
    tool(
        "kafka",
        "kafka.tools.StorageTool",
        "format",
        "-t",
        "4L6g3nShT-eMCtK--X86sw",
        "-c",
        properties);
    var artemis = launch("artemis", source("Artemis"), artemisPort + "", data + "/artemis");
    launch("kafka", "kafka.Kafka", properties);
    Patience.await().until(() -> open(artemisPort) && open(kafkaPort) && artemis.isAlive());
    return this;
  }

  /** Everything in the queues, each message its queue, its failure class and its text. */
  public List<String> queues(String... names) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(source("ReadQueues"), artemisPort + ""));
    words.addAll(List.of(names));
    return messages(tool("artemis", words.toArray(String[]::new)));
  }

  /** Everything in all topics of klingdrop, each message its topic, its key and its text. */
  public List<String> topics() throws IOException, InterruptedException {
    return messages(tool("kafka", source("ReadTopics"), kafkaPort + ""));
  }

  private static List<String> messages(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith("MESSAGE "))
        .map(line -> line.substring("MESSAGE ".length()))
        .toList();
  }

  private static String source(String name) {
    return SOURCES.resolve(name + ".java").toString();
  }

  private Process launch(String broker, String... words) throws IOException {
    var process =
        builder(java(broker, words))
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(data.resolve(broker + ".log").toFile()))
            .start();
    running.add(process);
    return process;
  }

  private static String tool(String broker, String... words)
      throws IOException, InterruptedException {
    return run(java(broker, words));
  }

  private static List<String> java(String broker, String... words) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                JARS.resolve(broker) + "/*"));
    command.addAll(List.of(words));
    return command;
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    var out = Files.createTempFile("broker", ".out");
    var process = builder(command).redirectOutput(out.toFile()).start();
    var ended = process.waitFor(3, TimeUnit.MINUTES);
    var printed = Files.readString(out);
    Files.delete(out);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError("failed: " + command + "\n" + printed);
    }
    return printed;
  }

  private static boolean open(int port) {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (var process : running) {
      process.destroyForcibly();
      process.onExit().join();
    }
    running.clear();
  }
}
