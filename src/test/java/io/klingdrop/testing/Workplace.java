package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.files.Grounds;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;

/** A working folder and the real service in it, against a provider double; settings made quick. */
public final class Workplace implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final SettableTime time;
  private Klingdrop service;
  private Thread thread;
  private volatile Throwable died;

  public Workplace(Path folder, FakeKie kie) {
    this(folder, kie.time());
    set("klingdrop.provider.kie.base-url", kie.url().toString());
    set("klingdrop.provider.kie.upload-url", kie.url().toString());
    set("klingdrop.provider.kie.api-key", kie.key());
    set("klingdrop.provider.kie.create-rate", "1000/1s");
    set("klingdrop.provider.kie.poll-rate", "1000/1s");
  }

  /** With one account that speaks Kling's dialect. */
  public Workplace(Path folder, String account, FakeKling kling) {
    this(folder, kling.time());
    set("klingdrop.provider." + account + ".base-url", kling.url().toString());
    set("klingdrop.provider." + account + ".api-key", kling.key());
    set("klingdrop.provider." + account + ".create-rate", "1000/1s");
    set("klingdrop.provider." + account + ".poll-rate", "1000/1s");
  }

  private Workplace(Path folder, SettableTime time) {
    this.folder = folder;
    this.time = time;
    set("klingdrop.http.port", "0");
    set("klingdrop.result.allow-private-hosts", "true");
    set("klingdrop.inbox.settle", "200ms");
    set("klingdrop.inbox.scan-period", "100ms");
    set("klingdrop.poll.heartbeat", "100ms");
    set("klingdrop.poll.first", "0ms");
    set("klingdrop.poll.min", "100ms");
    set("klingdrop.poll.max", "200ms");
    set("klingdrop.lane.probe-min", "200ms");
    set("klingdrop.lane.probe-max", "400ms");
  }

  public Workplace set(String key, String value) {
    environment.put(
        key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_'), value);
    return this;
  }

  /** Gives the service an HTTP port of its own; answers how to call it. */
  public Http http() {
    var port = Http.freePort();
    set("klingdrop.http.port", Integer.toString(port));
    return new Http(port);
  }

  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  public Path folder() {
    return folder;
  }

  public Path inbox(String profile) {
    return make(folder.resolve("inbox").resolve(profile));
  }

  public Settings settings() {
    return SettingsReader.load(folder, environment, Map.of());
  }

  public Workplace start() {
    service = new Klingdrop(settings(), time);
    thread =
        new Thread(
            () -> {
              try {
                service.run(false);
              } catch (Exception | Error e) {
                died = e;
              }
            },
            "klingdrop-under-test");
    thread.start();
    return this;
  }

  /** Waits until the HTTP port answers. */
  public Workplace awaitHttp(Http http) {
    Patience.await()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(
            () -> {
              if (died != null) {
                throw new AssertionError("the service died", died);
              }
              return http.get("/observe/health/live").statusCode() == 200;
            });
    return this;
  }

  /** Runs until nothing is left to do; answers how many jobs failed. */
  public long drain() throws Exception {
    try (var klingdrop = new Klingdrop(settings(), time)) {
      return klingdrop.run(true);
    }
  }

  public <T> T ask(Function<JobQueries, T> question) {
    if (service != null) {
      return question.apply(service.queries());
    }
    var db = settings().database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      return question.apply(new JobQueries(database));
    }
  }

  public Job onlyJob() {
    var all = jobs();
    if (all.size() != 1) {
      throw new AssertionError("expected one job, there are " + all);
    }
    return all.get(0);
  }

  public List<Job> jobs() {
    return ask(
        queries -> queries.newest().stream().sorted(Comparator.comparing(Job::state)).toList());
  }

  /** The one job of that name. */
  public Job job(String name) {
    var named = jobs().stream().filter(job -> job.name().equals(name)).toList();
    if (named.size() != 1) {
      throw new AssertionError("expected one job called " + name + ", there are " + named);
    }
    return named.get(0);
  }

  /** Does what a command line in another process would do to the ledger. */
  public void change(Consumer<Ledger> change) {
    inLedger(database -> change.accept(new Ledger(database, time)));
  }

  /** Does what the service does before it calls createTask for a ready job. */
  public void submitting(String jobId) {
    inLedger(
        database ->
            new SpendingGate(database, time)
                .submitting(new JobQueries(database).job(jobId).orElseThrow(), BudgetCaps.NONE));
  }

  private void inLedger(Consumer<Database> change) {
    var db = settings().database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      // a job that the service has looked at meanwhile is read again
      Patience.await()
          .ignoreException(StaleJobException.class)
          .until(
              () -> {
                change.accept(database);
                return true;
              });
    }
  }

  /** A JSON file below the working folder. */
  public JsonNode note(String path) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(path).toFile());
  }

  /** The time the service and its double go by. */
  public SettableTime time() {
    return time;
  }

  /** Turns the time to the first minute of a day, so that no sum of a day begins anew meanwhile. */
  public Workplace atDayBreak() {
    var now = time.instant();
    var tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    time.turn(Duration.between(now, tomorrow.plusSeconds(30)));
    return this;
  }

  /**
   * Waits until so many jobs are in that state, and no longer than work takes: what only waits for
   * its time need not wait, see {@link #await}.
   */
  public void awaitJobs(JobState state, int count) {
    awaitAsserted(() -> assertJobs(state, count));
  }

  /** The same without turning the time, where it matters who comes first. */
  public void awaitJobsAsTimeGoes(JobState state, int count) {
    Patience.await().untilAsserted(() -> assertJobs(state, count));
  }

  private void assertJobs(JobState state, int count) {
    var counts = ask(queries -> queries.counts().byState());
    if (counts.getOrDefault(state, 0L) != count) {
      throw new AssertionError("waiting for " + count + " " + state + ": " + counts);
    }
  }

  /**
   * Waits for a condition. Whenever nothing is under way and all that is left waits for its time,
   * the time is turned to the next thing that is due.
   */
  public void await(Callable<Boolean> condition) {
    Patience.await().conditionEvaluationListener(seen -> turn(seen.isSatisfied())).until(condition);
  }

  /** The same for what must not fail. */
  public void awaitAsserted(Executable assertion) {
    Patience.await()
        .conditionEvaluationListener(seen -> turn(seen.isSatisfied()))
        .untilAsserted(assertion::execute);
  }

  private void turn(boolean enough) {
    if (died != null) {
      throw new IllegalStateException("the service died", died);
    }
    if (!enough && service != null) {
      new Agenda(settings().database(), time).turnToNext();
    }
  }

  /**
   * Every file of a tree below the working folder, relative to it, sorted; dot files too, but for
   * the mark that the tree is klingdrop's.
   */
  public List<String> tree(String name) {
    var top = folder.resolve(name);
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    try (var walk = Files.walk(top)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> top.relativize(file).toString())
          .filter(file -> !file.equals(Grounds.MARK))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (service != null) {
      service.stop();
      Patience.await().until(() -> !thread.isAlive());
      service.close();
      service = null;
    }
  }

  private static Path make(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
