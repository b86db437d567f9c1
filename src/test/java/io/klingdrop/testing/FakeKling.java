package io.klingdrop.testing;

import io.klingdrop.sandbox.kling.KlingError;
import io.klingdrop.testing.TaskPlan.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Kling, or a relay that speaks like it, on this machine: a real HTTP server as strict as Kling's
 * pages of autumn 2026, which keeps account of every task it accepted and misbehaves on request. It
 * outlives any number of its clients.
 *
 * <p>A call first meets the key check and the limits, then the {@link #on script} of its endpoint,
 * then the endpoint. All behaviours of {@link Answers} and {@link Faults} can be scripted, and
 * {@link #error}. Safe for use by many threads.
 *
 * <pre>{@code
 * try (var kling = FakeKling.start("/kling")) {
 *   kling.on(CREATE_AVATAR).times(2, kling.error(1303)).next(acceptThenClose());
 *   kling.plan().always(TaskPlan.succeeds().states("submitted", "processing", "succeed"));
 *   ...
 *   assertThat(kling.accepted()).hasSize(1);
 * }
 * }</pre>
 */
public final class FakeKling implements AutoCloseable {

  private final SettableTime time = SettableTime.running();
  private final Map<KlingEndpoint, Script<Behaviour>> scripts = new EnumMap<>(KlingEndpoint.class);
  private final Script<TaskPlan> plans = new Script<>();
  private final CallLog<KlingEndpoint> log = new CallLog<>();
  private final KlingLedger ledger = new KlingLedger();
  private final TaskBook tasks;
  private final KlingApi api;
  private final KlingKeys keys = new KlingKeys(time);
  private final String key = "kling-test-" + UUID.randomUUID();
  private final String prefix;
  private final WireServer server;
  private volatile @Nullable RateWindow creates;
  private volatile String callbackSecret = "";

  private FakeKling(String prefix) throws IOException {
    this.prefix = prefix;
    for (KlingEndpoint endpoint : KlingEndpoint.values()) {
      scripts.put(endpoint, new Script<>());
    }
    keys.add(key);
    server = new WireServer("fake-kling", time, this::serve);
    var host = URI.create("http://127.0.0.1:" + server.port());
    tasks = new TaskBook(StateWords.KLING, host, time);
    api = new KlingApi(tasks, ledger, plans, time);
  }

  /** Starts one that answers below no prefix, as Kling itself does. */
  public static FakeKling start() {
    return start("");
  }

  /**
   * Starts one on a free port of the loopback address.
   *
   * @param prefix what stands before {@code /v1}, such as {@code /kling}; empty for nothing
   */
  public static FakeKling start(String prefix) {
    try {
      var kling = new FakeKling(prefix);
      kling.server.start();
      return kling;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it answers: host, port and prefix, without a slash at the end. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.port() + prefix);
  }

  /** The time it goes by, as that of this machine until somebody turns it. */
  public SettableTime time() {
    return time;
  }

  /** A bearer key that is accepted; no other double has it. */
  public String key() {
    return key;
  }

  // Who may come

  /** Accepts one more bearer key: another account. */
  public void addKey(String another) {
    keys.add(another);
  }

  /** Accepts tokens that name this access key and are signed with its secret. */
  public void addAccessKey(String accessKey, String secretKey) {
    keys.add(accessKey, secretKey);
  }

  /** Accepts none of the keys it knew. */
  public void forgetKeys() {
    keys.clear();
  }

  /** Judges the times in tokens by this clock. */
  public void useClock(InstantSource clock) {
    keys.clock(clock);
  }

  // What shall happen

  /** Lets a relay stand between the client and Kling from now on; for tasks to come only. */
  public void relay(Relay between) {
    api.relay(between);
  }

  /** Lets both query paths find tasks of both kinds from now on. */
  public void findTasksOnAnyPath() {
    api.findOnAnyPath();
  }

  /** What shall happen to calls of this endpoint. */
  public Script<Behaviour> on(KlingEndpoint endpoint) {
    return Objects.requireNonNull(scripts.get(endpoint));
  }

  /** What shall become of tasks; by default they succeed at once. */
  public Script<TaskPlan> plan() {
    return plans;
  }

  /**
   * A refusal with one of Kling's codes and the HTTP status that goes with it, in the form of the
   * relay that stands there when it is played. The call is read and not acted upon.
   *
   * @throws IllegalArgumentException if the official table has no such code
   */
  public Behaviour error(int code) {
    return error(KlingError.of(code));
  }

  /** As {@link #error(int)}, in these words. */
  public Behaviour error(int code, String message) {
    return error(KlingError.of(code).saying(message));
  }

  /** An error of CometAPI itself; its code may be empty. */
  public static Behaviour cometError(int status, String message, String code) {
    return Answers.reply(RelayForm.comet(status, message, code));
  }

  /** An error of new-api's task layer; the message is Kling's own error as text. */
  public static Behaviour newApiError(int status, String code, int klingCode) {
    String message = RelayForm.klingRefusal(KlingError.of(klingCode)).toString();
    return Answers.reply(RelayForm.newApi(status, code, message));
  }

  /** An error of new-api's task layer. */
  public static Behaviour newApiError(int status, String code, String message) {
    return Answers.reply(RelayForm.newApi(status, code, message));
  }

  /** Matches queries by this id, and downloads of that task. */
  public static Predicate<Call> forId(String id) {
    return call -> call.path().endsWith("/" + id) || call.taskId().equals(Optional.of(id));
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
    tasks.end(ledger.get(taskId).klingId(), null);
  }

  /**
   * Lets a running task fail now.
   *
   * @param message the {@code task_status_msg}
   * @throws NoSuchElementException if there is no such task
   */
  public void fail(String taskId, String message) {
    tasks.end(ledger.get(taskId).klingId(), new Failure(null, message, 0));
  }

  /** Forgets a task and its videos, as Kling does after thirty days. */
  public void forget(String taskId) {
    var klingId = ledger.get(taskId).klingId();
    tasks.forget(klingId);
    api.forget(klingId);
  }

  /** Refuses new tasks with code 1303 while so many are running. */
  public void limitRunning(int limit) {
    tasks.limitRunning(limit);
  }

  /** Refuses creates with code 1302 beyond so many in any such stretch of time. */
  public void limitCreates(int limit, Duration window) {
    creates = new RateWindow(limit, window);
  }

  /** Signs callbacks from now on with this secret, as Standard Webhooks has it; empty: not. */
  public void signCallbacks(String secret) {
    callbackSecret = secret;
  }

  /**
   * Calls back about a task as it stands now.
   *
   * @return the HTTP status the callback was answered with
   * @throws NoSuchElementException if there is no such task or it named no callback_url
   */
  public int callBack(String taskId) throws IOException {
    var task = ledger.get(taskId);
    var sight = api.sight(task.klingId());
    String to = task.callbackUrl().orElseThrow();
    return KlingCallback.send(to, sight.toString(), callbackSecret, time.instant());
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

  /** Every task accepted so far, in order: Kling's bill. */
  public List<KlingTask> accepted() {
    return ledger.all();
  }

  /** The tasks on the bill of one account: a bearer key, or an access key. */
  public List<KlingTask> accepted(String account) {
    return accepted().stream().filter(task -> task.account().equals(account)).toList();
  }

  /** All calls of both create endpoints, refused and broken ones too. */
  public int createCalls() {
    return calls(KlingEndpoint.CREATE_AVATAR) + calls(KlingEndpoint.CREATE_IMAGE);
  }

  /** All calls of both query endpoints. */
  public int queries() {
    return calls(KlingEndpoint.QUERY_AVATAR) + calls(KlingEndpoint.QUERY_IMAGE);
  }

  /** The queries by this very id, which is a task's own or the client's for it. */
  public int queries(String id) {
    return log.count(KlingEndpoint.QUERY_AVATAR, id) + log.count(KlingEndpoint.QUERY_IMAGE, id);
  }

  /** All calls of an endpoint whose head arrived, whatever became of them. */
  public int calls(KlingEndpoint endpoint) {
    return log.count(endpoint);
  }

  /** The calls of an endpoint that came with a good key of this account. */
  public int calls(KlingEndpoint endpoint, String account) {
    return log.countOf(endpoint, account);
  }

  /** When each call of an endpoint arrived. */
  public List<Instant> callTimes(KlingEndpoint endpoint) {
    return log.times(endpoint);
  }

  /** The largest number of tasks that ever ran at once. */
  public int maxRunning() {
    return tasks.maxRunning();
  }

  /** Calls refused for their key. */
  public int unauthorised() {
    return keys.refused();
  }

  /** Downloads that carried an Authorization header: the key shown to strangers. */
  public int authorizationSeenOnDownloads() {
    return log.countWithKey(KlingEndpoint.RESULT);
  }

  /** The paths of calls that no endpoint answers to. */
  public List<String> strayCalls() {
    return log.paths(KlingEndpoint.UNKNOWN);
  }

  /**
   * The bytes of a task's n-th video, counted from 1, whether or not it is finished.
   *
   * @throws NoSuchElementException if there is no such task or it makes fewer videos
   */
  public byte[] resultBytes(String taskId, int n) {
    return tasks.get(ledger.get(taskId).klingId()).bytes(n).orElseThrow();
  }

  @Override
  public void close() {
    try {
      server.close();
      api.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Call call, Wire wire) throws IOException {
    var endpoint = KlingEndpoint.of(call, prefix);
    var verdict = endpoint == KlingEndpoint.RESULT ? KlingKeys.Verdict.of("") : keys.judge(call);
    String account = verdict.account().orElse("");
    log.add(endpoint, call, endpoint.id(call), account);
    var turn = new Turn(call, wire, one -> api.serve(endpoint, account, one), server.stopped());
    Optional<Behaviour> behaviour = verdict.error().map(this::error);
    if (behaviour.isEmpty() && tooFast(endpoint, call)) {
      behaviour = Optional.of(error(1302));
    }
    if (behaviour.isEmpty()) {
      behaviour = on(endpoint).draw(call);
    }
    behaviour.orElse(Behaviour.HONEST).play(turn);
  }

  private boolean tooFast(KlingEndpoint endpoint, Call call) {
    RateWindow window = creates;
    return window != null && endpoint.creates() && !window.admits(call.nanos());
  }

  private Behaviour error(KlingError error) {
    return turn -> turn.send(api.form().refusal(error));
  }
}
