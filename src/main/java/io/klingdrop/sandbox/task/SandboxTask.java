package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A task that was accepted, and what it looks like at a given moment, in the words of no provider.
 * Thread-safe.
 */
public final class SandboxTask {

  /** What stands before the file name in every address of a result. */
  public static final String RESULTS = "/results/";

  /** How the ids of tasks begin that came in kie.ai's dialect; those of Kling's are digits only. */
  static final String KIE = "task_sandbox_";

  /** A state word that is on no list. */
  public static final String ODD_STATE = "reviewing";

  private static final int ODD_ANSWERS = 2;

  /** The part of its time a task spends waiting before it says that it is generating. */
  private static final double WAITING_SHARE = 0.4;

  /** Where a task stands. */
  public enum State {
    WAITING,
    GENERATING,
    SUCCESS,
    FAIL;

    public boolean ended() {
      return this == SUCCESS || this == FAIL;
    }
  }

  /**
   * What somebody sees who asks about the task.
   *
   * @param state where it stands
   * @param odd whether the answer must hide that behind a word that is on no list
   * @param verdict why it failed, if it has
   * @param endedAt when it ended, in milliseconds of the epoch; nothing before that
   * @param results how many videos it has made: 0 to 2
   */
  public record Sight(
      State state, boolean odd, Optional<Verdict> verdict, Optional<Long> endedAt, int results) {}

  private enum Door {
    CLOSED,
    TRIED,
    OPEN
  }

  private final String id;
  private final JsonNode request;
  private final CheckedRequest checked;
  private final long createdAt;
  private final SandboxScript script;

  private long videoAt;
  private @Nullable Verdict accident;
  private int reads;
  private Door door;

  SandboxTask(String id, JsonNode request, CheckedRequest checked, long createdAt) {
    this.id = id;
    this.request = request;
    this.checked = checked;
    this.createdAt = createdAt;
    this.script = SandboxScript.parse(prompt());
    this.door = script.asksFor(Oddity.EXPIRED_URL) ? Door.CLOSED : Door.OPEN;
  }

  public String id() {
    return id;
  }

  /** The request as it came, without the bytes of files. */
  public JsonNode request() {
    return request;
  }

  SandboxScript script() {
    return script;
  }

  /** When it was accepted, in milliseconds of the epoch. */
  public long createdAt() {
    return createdAt;
  }

  /** How long its video is. */
  public Duration length() {
    return checked.length();
  }

  /** What it takes off the account if it does not fail. */
  public double price() {
    return checked.credits();
  }

  /** Whether it came in kie.ai's dialect, else in Kling's. */
  public boolean isKie() {
    return id.startsWith(KIE);
  }

  /** Notes that the video is made. */
  synchronized void videoMade(long now) {
    videoAt = now;
  }

  /** Notes that the video could not be made. */
  synchronized void videoFailed(long now, Verdict why) {
    videoAt = now;
    accident = why;
  }

  /** What the task takes off the balance: nothing once it has failed. */
  synchronized double credits(long now) {
    return state(now) == State.FAIL ? 0 : checked.credits();
  }

  /** Whether the answer to this question about the task is an HTML page; counts the question. */
  synchronized Optional<Integer> htmlStatus() {
    reads++;
    if (script.asksFor(Oddity.HTML) && reads <= ODD_ANSWERS) {
      return Optional.of(reads == 1 ? 200 : 502);
    }
    return Optional.empty();
  }

  /** The task as it looks now. */
  public synchronized Sight look(long now) {
    door = door == Door.TRIED ? Door.OPEN : door;
    var state = state(now);
    return new Sight(
        state,
        script.asksFor(Oddity.ODD_STATE) && reads <= ODD_ANSWERS,
        state.ended() ? verdict() : Optional.empty(),
        state.ended() ? Optional.of(endedAt()) : Optional.empty(),
        state == State.SUCCESS ? results() : 0);
  }

  /** The addresses of so many of its videos. */
  public List<String> urls(int count, URI base) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> base + RESULTS + id + "-" + n + ".mp4")
        .toList();
  }

  /** Whether a result may be fetched; an attempt that comes too early is remembered. */
  public synchronized boolean admits(long now) {
    door = door == Door.CLOSED ? Door.TRIED : door;
    return state(now) == State.SUCCESS && door == Door.OPEN;
  }

  /** Opens a result that had expired. */
  public synchronized void renew() {
    door = Door.OPEN;
  }

  private String prompt() {
    return request.path("input").path("prompt").asText(request.path("prompt").asText(""));
  }

  private State state(long now) {
    if (videoAt != 0 && now >= endedAt()) {
      return verdict().isPresent() ? State.FAIL : State.SUCCESS;
    }
    long waiting = Math.round(script.renderTime().toMillis() * WAITING_SHARE);
    return now < createdAt + waiting ? State.WAITING : State.GENERATING;
  }

  private Optional<Verdict> verdict() {
    return script.failure().or(() -> Optional.ofNullable(accident));
  }

  private long endedAt() {
    return Math.max(videoAt, createdAt + script.renderTime().toMillis());
  }

  private int results() {
    return script.asksFor(Oddity.NO_URL) ? 0 : script.asksFor(Oddity.TWO_RESULTS) ? 2 : 1;
  }
}
