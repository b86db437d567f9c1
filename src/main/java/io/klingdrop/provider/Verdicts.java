package io.klingdrop.provider;

import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an account's answers mean in our words, whatever its dialect: whether a createTask made a
 * task, what a look says, why a call was refused. The codes are judged by the dialect's {@link
 * ErrorTable}. Thread-safe.
 */
public final class Verdicts {
  /** After a refused query without Retry-After; clients report 2 to 12 s to work, 2026-09. */
  private static final Duration SLOW_DOWN = Duration.ofSeconds(2);

  private final ErrorTable errors;
  private final AnswerSanitizer told;
  private final RateLimiter pace;

  /** Judges by that table, and keeps questions under the account's poll rate. */
  public Verdicts(ProviderSettings settings, ErrorTable errors, AnswerSanitizer told, Time time) {
    this.errors = errors;
    this.told = told;
    this.pace = new RateLimiter(settings.pollRate(), time);
  }

  /** What became of a createTask. Only what surely made no task is a refusal. */
  public CreateAnswer created(ApiAnswer answer) {
    var taskId = answer.taskId();
    if (!taskId.isEmpty()) {
      return told.isId(taskId)
          ? new CreateAnswer.Accepted(taskId)
          : new CreateAnswer.Lost(
              "createTask gave a task id that cannot be one: " + told.words(taskId));
    }
    var trouble = answer.http().trouble();
    if (trouble != null) {
      return answer.http().sent()
          ? new CreateAnswer.Lost(
              "createTask brought no answer: "
                  + told.words(trouble)
                  + "; a video may be in the making")
          : new CreateAnswer.Refused(
              Refusal.of(Meaning.BUSY, "cannot be reached: " + told.words(trouble)));
    }
    if (answer.claimsSuccess()) {
      return new CreateAnswer.Lost("createTask said success but gave no task id");
    }
    var refusal = refusal(Call.CREATE, answer);
    return refusal.meaning().madeNothing()
        ? new CreateAnswer.Refused(refusal)
        : new CreateAnswer.Lost("createTask brought no clear answer: " + refusal.said());
  }

  /** One look at a task, in its turn; {@code read} gets an answer that is ok. */
  public <A extends ApiAnswer> TaskReport report(Supplier<A> look, Function<A, TaskReport> read) {
    if (!turn()) {
      return new TaskReport.NoWord("stopping");
    }
    var answer = look.get();
    return answer.ok() ? read.apply(answer) : notReported(answer);
  }

  /** One look whether a task is there, in its turn; {@code read} gets an answer that is ok. */
  public <A extends ApiAnswer> Sighting sighting(Supplier<A> look, Function<A, Sighting> read) {
    if (!turn()) {
      return new Sighting.NoWord("stopping");
    }
    var answer = look.get();
    if (answer.ok()) {
      return read.apply(answer);
    }
    return notReported(answer) instanceof TaskReport.NotKnown unknown
        ? new Sighting.NotThere(unknown.said())
        : new Sighting.NoWord(told.words(answer.message()));
  }

  /** Waits for the account's next question; false if the program stops before. */
  private boolean turn() {
    try {
      pace.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What a refused question says about its task; the next one is asked later if it must be. */
  private TaskReport notReported(ApiAnswer answer) {
    var refusal = refusal(Call.RECORD, answer);
    if (refusal.meaning() == Meaning.RATE) {
      pace.pause(refusal.retryAfter() == null ? SLOW_DOWN : refusal.retryAfter());
    }
    return switch (refusal.meaning()) {
      case KEY, RATE, SHARED, FULL, MAINTENANCE, CAP, CREDIT, DISABLED ->
          new TaskReport.Closed(refusal);
      case UNKNOWN_TASK -> new TaskReport.NotKnown(refusal.said());
      case GENERATION, REJECTED, INVALID -> new TaskReport.Ended(refusal, null);
      case BUSY, ADDRESS, NO_WORD, LOST -> new TaskReport.NoWord(refusal.said());
    };
  }

  /** A task that ended in failure; texts it does not give are empty, credits null. */
  public TaskReport ended(String code, String reason, @Nullable Double credits) {
    return new TaskReport.Ended(
        new Refusal(
            errors.meaning(Call.TASK, code, AnswerSanitizer.cut(reason), 200),
            code.isEmpty() ? null : told.word(code),
            told.words(reason.isEmpty() ? "the provider gave no reason" : reason),
            200,
            null),
        credits);
  }

  /** Why a call was not done. */
  public Refusal refusal(Call call, ApiAnswer answer) {
    var trouble = answer.http().trouble();
    if (trouble != null) {
      return Refusal.of(
          call == Call.RECORD ? Meaning.NO_WORD : Meaning.BUSY,
          "no answer: " + told.words(trouble));
    }
    var code = answer.code();
    return new Refusal(
        errors.meaning(call, code, answer.message(), answer.http().status()),
        code == null ? null : told.word(code),
        told.words(answer.message()),
        answer.http().status(),
        answer.http().retryAfter());
  }
}
