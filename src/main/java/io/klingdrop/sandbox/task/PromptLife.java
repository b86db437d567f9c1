package io.klingdrop.sandbox.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import io.klingdrop.sandbox.task.Sight.Reason;
import io.klingdrop.sandbox.task.Sight.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The life a prompt asks for, with a video that is made meanwhile. Thread-safe. */
final class PromptLife implements TaskLife {
  /** A state word that is on no list. */
  private static final String ODD_STATE = "reviewing";

  private static final int ODD_ANSWERS = 2;

  /** The part of its time a task spends waiting before it says that it is generating. */
  private static final double WAITING_SHARE = 0.4;

  private static final String HTML_PAGE =
      "<!DOCTYPE html><html><head><title>Just a moment</title></head>"
          + "<body><h1>We will be right back</h1></body></html>";

  private enum Door {
    CLOSED,
    TRIED,
    OPEN
  }

  private final String id;
  private final SandboxScript script;
  private final CheckedRequest checked;
  private final long createdAt;
  private final URI base;
  private final Path video;

  private long videoAt;
  private @Nullable Verdict accident;
  private int questions;
  private Door door;

  /** Its video is about to lie at this path, and its addresses begin with the base. */
  PromptLife(TaskArchive.Entry entry, URI base, Path video) {
    this.id = entry.id();
    this.script = SandboxScript.of(entry.request());
    this.checked = entry.checked();
    this.createdAt = entry.createdAt();
    this.base = base;
    this.video = video;
    this.door = script.asksFor(Oddity.EXPIRED_URL) ? Door.CLOSED : Door.OPEN;
  }

  SandboxScript script() {
    return script;
  }

  /** Notes that the video is made, or why it could not be made. */
  synchronized void videoDone(long now, @Nullable Verdict why) {
    videoAt = now;
    accident = why;
  }

  @Override
  public synchronized Optional<SandboxAnswer> oddAnswer() {
    questions++;
    if (script.asksFor(Oddity.HTML) && questions <= ODD_ANSWERS) {
      int status = questions == 1 ? 200 : 502;
      return Optional.of(SandboxAnswer.of(status, "text/html", HTML_PAGE.getBytes(UTF_8)));
    }
    return Optional.empty();
  }

  @Override
  public synchronized Optional<Sight> asked(long now) {
    door = door == Door.TRIED ? Door.OPEN : door;
    return Optional.of(
        script.asksFor(Oddity.ODD_STATE) && questions <= ODD_ANSWERS
            ? running(State.WAITING, ODD_STATE)
            : look(now));
  }

  @Override
  public synchronized Sight look(long now) {
    long endedAt = Math.max(videoAt, createdAt + script.renderTime().toMillis());
    if (videoAt == 0 || now < endedAt) {
      long waiting = Math.round(script.renderTime().toMillis() * WAITING_SHARE);
      return running(now < createdAt + waiting ? State.WAITING : State.GENERATING, "");
    }
    var verdict = script.failure().or(() -> Optional.ofNullable(accident));
    boolean fine = verdict.isEmpty();
    return new Sight(
        fine ? State.SUCCESS : State.FAIL,
        "",
        verdict.map(why -> new Reason(String.valueOf(why.code()), why.message())),
        Optional.of(endedAt),
        fine ? checked.credits() : 0,
        fine ? urls() : List.of(),
        checked.length());
  }

  @Override
  public Optional<SandboxBody> video(int number, long now) throws IOException {
    return number > look(now).urls().size() ? Optional.empty() : Optional.of(SandboxBody.of(video));
  }

  @Override
  public synchronized boolean expired() {
    door = door == Door.CLOSED ? Door.TRIED : door;
    return door != Door.OPEN;
  }

  @Override
  public synchronized void renew() {
    door = Door.OPEN;
  }

  private Sight running(State state, String word) {
    return Sight.running(state, word, checked.credits(), checked.length());
  }

  private List<String> urls() {
    int count = script.asksFor(Oddity.NO_URL) ? 0 : script.asksFor(Oddity.TWO_RESULTS) ? 2 : 1;
    return ResultName.addresses(base, id, count);
  }
}
