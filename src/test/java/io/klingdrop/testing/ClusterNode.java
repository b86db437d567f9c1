package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node of a {@link ClusterSite}: a process, or what is left of one. For one thread. */
public final class ClusterNode implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<AppProcess> runs = new ArrayList<>();

  ClusterNode(String name, Path folder, Map<String, String> environment) throws IOException {
    this.name = name;
    this.folder = Files.createDirectories(folder);
    this.environment = new TreeMap<>(environment);
    this.environment.put("KLINGDROP_NODE_NAME", name);
  }

  public String name() {
    return name;
  }

  /** One more word of its environment, from its next start on. */
  public ClusterNode set(String key, String value) {
    environment.put(key, value);
    return this;
  }

  /** Starts it. */
  public ClusterNode start() throws IOException {
    return start("");
  }

  /**
   * Starts it with this word for {@code CrashPoint}: where it dies or halts, or nothing for
   * nowhere.
   */
  public ClusterNode start(String crash) throws IOException {
    runs.add(AppProcess.start(folder, environment, List.of("-Dklingdrop.crash=" + crash)));
    return this;
  }

  private @Nullable AppProcess last() {
    return runs.isEmpty() ? null : runs.get(runs.size() - 1);
  }

  private AppProcess app() {
    var last = last();
    if (last == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return last;
  }

  public ClusterNode awaitReady() {
    app().awaitReady();
    return this;
  }

  /** Waits until it is ready or has ended. */
  public void awaitReadyOrEnd() {
    app().awaitReadyOrEnd();
  }

  /** Whether its process is there, even if it stands still. */
  public boolean alive() {
    var last = last();
    return last != null && last.alive();
  }

  /** Waits until it has died at the point it was started for. */
  public void awaitDeath() throws InterruptedException {
    app().exitCode();
  }

  /** Waits until it stands still at the point it was started for. */
  public void awaitHalt() {
    app().awaitSuspended();
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    app().kill();
  }

  /** Lets it stand still, wherever it is, until {@link #goOn}. */
  public void halt() throws IOException, InterruptedException {
    app().suspend();
  }

  /** Lets it go on that stood still. */
  public void goOn() throws IOException, InterruptedException {
    app().resume();
  }

  /** Lets that much time pass, or as much until it ends; answers whether it ended. */
  public boolean endedWithin(Duration time) throws InterruptedException {
    return app().exited(time);
  }

  /** SIGTERM. */
  public void terminate() {
    app().terminate();
  }

  /** Waits for its end; answers with which exit code. */
  public int exitCode() throws InterruptedException {
    return app().exitCode();
  }

  /** What its last run has printed. */
  public String printed() {
    return app().printed();
  }

  /** What all its runs have printed, the oldest first. */
  String story() {
    var all = new StringBuilder();
    for (var run : runs) {
      all.append("---- ").append(name).append('\n').append(run.printed());
    }
    return all.toString();
  }

  @Override
  public void close() {
    runs.forEach(AppProcess::close);
  }
}
