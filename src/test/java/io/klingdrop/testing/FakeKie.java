package io.klingdrop.testing;

import io.klingdrop.sandbox.kie.KieDialect;
import io.klingdrop.sandbox.kie.KieTerms;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.testing.TaskPlan.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The provider, on this machine: a real HTTP server that speaks the kie.ai protocol as recorded
 * between April and October 2026, keeps account of all it was asked and of every task it accepted,
 * and misbehaves on request. It outlives any number of its clients. API host and upload host are
 * the same {@link #url}.
 *
 * <p>A call first meets the key check and the limits, then the {@link #on script} of its endpoint,
 * then the endpoint. Safe for use by many threads.
 *
 * <pre>{@code
 * try (var kie = FakeKie.start()) {
 *   kie.on(CREATE_TASK).next(tooFrequent(), acceptThenReset());
 *   kie.plan().always(TaskPlan.succeeds().after(Duration.ofSeconds(2)));
 *   ...
 *   assertThat(kie.accepted()).hasSize(1);
 * }
 * }</pre>
 */
public final class FakeKie implements AutoCloseable {

  private final SettableTime time = SettableTime.running();
  private final Map<Endpoint, Script<Behaviour>> scripts = new EnumMap<>(Endpoint.class);
  private final Script<TaskPlan> plans = new Script<>();
  private final CallLog<Endpoint> log = new CallLog<>();
  private final Callbacks callbacks = new Callbacks(time);
  private final TaskDesk desk = new TaskDesk(time);
  private final WireServer server;
  private final KieMedia media;
  private final TaskBook tasks;
  private final Gatekeeper gatekeeper;
  private final KieApi api;
  private volatile String key = "kie-test-" + UUID.randomUUID();
  private volatile BigDecimal balance = new BigDecimal("5916.25");

  private FakeKie() throws IOException {
    for (Endpoint endpoint : Endpoint.values()) {
      scripts.put(endpoint, new Script<>());
    }
    server = new WireServer("fake-kie", time, this::serve);
    media = new KieMedia(url(), time);
    tasks = new TaskBook(StateWords.KIE, url(), time);
    var terms =
        new KieTerms(any -> any.equals(key), model -> true, media::find, account -> balance);
    var kie = new KieDialect(desk, terms, time, url());
    gatekeeper = new Gatekeeper(kie);
    api = new KieApi(kie, desk, media, tasks, plans, gatekeeper, time);
  }

  /** Starts a provider of its own on a free port of the loopback address. */
  public static FakeKie start() {
    try {
      var kie = new FakeKie();
      kie.server.start();
      return kie;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it answers: {@code http://127.0.0.1:port}, without a slash at the end. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** The time it goes by, as that of this machine until somebody turns it. */
  public SettableTime time() {
    return time;
  }

  /** The one bearer key that is accepted; no other double has it. */
  public String key() {
    return key;
  }

  /** Accepts this key from now on and no other. */
  public void useKey(String other) {
    key = other;
  }

  /** What the free credit call reports; 5916.25 at first, and never less by itself. */
  public void balance(String credits) {
    balance = new BigDecimal(credits);
  }

  // What shall happen

  /** What shall happen to calls of this endpoint. */
  public Script<Behaviour> on(Endpoint endpoint) {
    return script(endpoint);
  }

  /** What shall become of tasks; by default they succeed at once. */
  public Script<TaskPlan> plan() {
    return plans;
  }

  /** Lets tasks accepted from now on take this long. */
  public void taskTime(Duration time) {
    plans.always(TaskPlan.succeeds().after(time));
  }

  /** Lets tasks accepted from now on run until {@link #finish} or {@link #fail}. */
  public void holdTasks() {
    plans.always(TaskPlan.succeeds().held());
  }

  /** Lets all running tasks end now as planned, and those to come succeed at once. */
  public void releaseTasks() {
    plans.always(TaskPlan.succeeds());
    tasks.endAll();
  }

  /**
   * Lets a running task succeed now.
   *
   * @throws NoSuchElementException if there is no such task
   */
  public void finish(String taskId) {
    tasks.end(taskId, null);
  }

  /**
   * Lets a running task fail now.
   *
   * @param credits what it costs all the same
   * @throws NoSuchElementException if there is no such task
   */
  public void fail(
      String taskId, @Nullable String failCode, @Nullable String failMsg, double credits) {
    tasks.end(taskId, new Failure(failCode, failMsg, credits));
  }

  /** Forgets a task and its videos, as the provider does when their time is over. */
  public void forget(String taskId) {
    tasks.forget(taskId);
    desk.forget(taskId);
  }

  /** Refuses the links of recordInfo with 403, so that only fresh ones of download-url work. */
  public void expireLinks() {
    on(Endpoint.RESULT).when(call -> call.query("fresh").isEmpty()).always(Answers.statusPage(403));
  }

  /** Signs callbacks from now on with this key. */
  public void signCallbacks(String hmacKey) {
    callbacks.signWith(hmacKey);
  }

  /**
   * Calls back once about a task, in whatever state it is. Nothing is called back unasked.
   *
   * @return the HTTP status the callback was answered with
   * @throws NoSuchElementException if there is no such task or it named no callBackUrl
   * @throws IOException if nobody answered within 15 s
   */
  public int callBack(String taskId) throws IOException {
    FakeTask task = tasks.get(taskId);
    String to = task.accepted().callBackUrl().orElseThrow();
    return callbacks.send(to, taskId, api.sight(taskId));
  }

  // Limits

  /** Refuses createTask calls beyond so many in any such stretch of time. */
  public void limitCreates(int limit, Duration window) {
    gatekeeper.limitCreates(limit, window);
  }

  /** Refuses recordInfo calls beyond so many in any such stretch of time. */
  public void limitPolls(int limit, Duration window) {
    gatekeeper.limitPolls(limit, window);
  }

  /** Refuses new tasks while so many are running. */
  public void limitRunning(int limit) {
    tasks.limitRunning(limit);
  }

  // The line

  /** Resets the next n connections before a byte of them is read. */
  public void resetConnections(int n) {
    server.resetConnections(n);
  }

  /** Cuts all connections and refuses new ones, until {@link #comeBack}. */
  public void goDark() throws IOException {
    server.goDark();
  }

  /** Answers again, on the same port and with nothing forgotten. */
  public void comeBack() throws IOException {
    server.comeBack();
  }

  // What has happened

  /** Every task accepted so far, in order: the provider's bill. */
  public List<AcceptedTask> accepted() {
    return tasks.all().stream().map(FakeTask::accepted).toList();
  }

  /** The tasks that refer to an upload with these bytes. */
  public List<AcceptedTask> acceptedFor(String sha256) {
    return accepted().stream().filter(task -> task.media().containsValue(sha256)).toList();
  }

  /** Every file that was uploaded completely, in order. */
  public List<Upload> uploads() {
    return media.all();
  }

  /** All createTask calls, refused and broken ones too. */
  public int createCalls() {
    return calls(Endpoint.CREATE_TASK);
  }

  public int recordInfoCalls() {
    return calls(Endpoint.RECORD_INFO);
  }

  public int recordInfoCalls(String taskId) {
    return log.count(Endpoint.RECORD_INFO, taskId);
  }

  /** All calls of an endpoint whose head arrived, whatever became of them. */
  public int calls(Endpoint endpoint) {
    return log.count(endpoint);
  }

  /** Every call but those of storage, in the order they arrived: endpoint, blank, task id. */
  public List<String> called() {
    return log.all(endpoint -> !endpoint.isStorage());
  }

  /** When each call of an endpoint arrived. */
  public List<Instant> callTimes(Endpoint endpoint) {
    return log.times(endpoint);
  }

  /** When each poll of a task, or download of its videos, arrived. */
  public List<Instant> callTimes(Endpoint endpoint, String taskId) {
    return log.times(endpoint, taskId);
  }

  /** The largest number of calls that arrived within any stretch of this length. */
  public int maxCallsInWindow(Endpoint endpoint, Duration window) {
    return log.maxInWindow(endpoint, window);
  }

  /** The largest number of tasks that ever ran at once. */
  public int maxRunning() {
    return tasks.maxRunning();
  }

  /** Calls refused for their key or for their headers. */
  public int unauthorised() {
    return gatekeeper.unauthorised();
  }

  /** Calls refused by one of the limits; scripted 429 answers do not count. */
  public int rejections429() {
    return gatekeeper.throttled();
  }

  /** Downloads that carried an Authorization header: the key shown to strangers. */
  public int authorizationSeenOnDownloads() {
    return log.countWithKey(Endpoint.FILE) + log.countWithKey(Endpoint.RESULT);
  }

  /** The paths of calls that no endpoint answers to. */
  public List<String> strayCalls() {
    return log.paths(Endpoint.UNKNOWN);
  }

  /** How many connections clients have opened. */
  public int connections() {
    return server.connections();
  }

  /**
   * The bytes of a task's n-th video, counted from 1, whether or not it is finished.
   *
   * @throws NoSuchElementException if there is no such task or it makes fewer videos
   */
  public byte[] resultBytes(String taskId, int n) {
    return tasks.get(taskId).bytes(n).orElseThrow();
  }

  @Override
  public void close() {
    try {
      server.close();
      media.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Call call, Wire wire) throws IOException {
    log.add(call.endpoint(), call, call.taskId(), "");
    var turn = new Turn(call, wire, api::serve, server.stopped());
    Optional<Behaviour> behaviour = gatekeeper.refusal(call);
    if (behaviour.isEmpty()) {
      behaviour = script(call.endpoint()).draw(call);
    }
    behaviour.orElse(Behaviour.HONEST).play(turn);
  }

  private Script<Behaviour> script(Endpoint endpoint) {
    return Objects.requireNonNull(scripts.get(endpoint));
  }
}
