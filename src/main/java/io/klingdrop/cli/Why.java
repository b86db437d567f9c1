package io.klingdrop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.app.StartChecks;
import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.Attempt;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.job.Receipt;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobHistory.OwedTarget;
import io.klingdrop.ledger.JobHistory.Trouble;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.OutcomeRow;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code why JOB}: the timeline of one job, or what the inbox has of it; what to do about it. */
@Command(
    name = "why",
    description = {
      "Show the timeline of one job and what to do about it.",
      "Shows every attempt and what it cost, the receipts, and what is not delivered or told yet.",
      "Of a name that is only in the inbox yet, says what it waits for and how long."
    },
    mixinStandardHelpOptions = true)
final class Why implements Callable<Integer> {
  private static final DateTimeFormatter TIME = Waiting.TIME;

  @Mixin private JobArgument argument = new JobArgument();

  @Option(names = "--json", description = "for programs: one JSON document")
  private boolean json;

  @Override
  public Integer call() {
    return argument.with(
        (job, database) ->
            json
                ? Json.print(document(job, database), argument.out())
                : print(job, database, argument.out()),
        (name, database) -> json ? Optional.empty() : inbox(name, database));
  }

  /** What lies in the inbox by that name and is no job yet, and what comes of it. */
  private static Optional<String> inbox(String name, Database database) {
    var settings = Here.settings();
    if (!Files.isDirectory(settings.folders().inbox())) {
      return Optional.empty();
    }
    var plan = InboxPlan.of(settings, StartChecks.catalogue(settings), new JobQueries(database));
    return Waiting.of(plan, name, settings.inbox());
  }

  private static ObjectNode document(Job job, Database database) {
    var document = Json.jobs(new JobQueries(database)).full(job);
    return document.put("advice", advice(job, database));
  }

  private static int print(Job job, Database database, PrintWriter out) {
    out.printf("%s  %s  %s%n", job.id(), job.state(), Text.oneLine(job.path(), 200));
    out.printf("  sent to   %s %s%n", job.provider(), job.model());
    Places.of(database).sentence(job).ifPresent(place -> out.println("  where     " + place));
    if (job.taskId() != null) {
      out.printf("  task      %s, looked at %s%n", job.taskId(), times(job.progress().polls()));
    }
    if (job.cost().credits() != null || job.cost().estimate() != null) {
      out.printf(
          "  credits   %s (estimate %s)%n",
          text(job.cost().credits()), text(job.cost().estimate()));
    }
    if (job.home() != null) {
      out.println("  files in  " + Text.oneLine(job.home(), 1000));
    }
    var history = new JobQueries(database).history();
    var facts = history.facts(job);
    facts.receipts().forEach(receipt -> out.println("  " + line(receipt)));
    history.owed(job.id()).forEach(target -> out.println("  " + line(target)));
    history.untold(job.id()).forEach(message -> out.println("  " + line(message)));
    if (!facts.attempts().isEmpty()) {
      out.println();
      facts.attempts().forEach(attempt -> out.println("  " + line(attempt)));
    }
    out.println();
    for (var event : history.timeline(job.id())) {
      out.printf("  %s  %-14s  %s%n", TIME.format(event.at()), event.state(), event.note());
    }
    out.println();
    out.println(Invocation.in(advice(job, database)));
    return ExitCode.FINE;
  }

  /** One attempt on one line: when, as which task, how it ended, what it cost. */
  private static String line(Attempt attempt) {
    var ended = attempt.ended();
    var charged = attempt.charged();
    var code = attempt.failCode() == null ? "" : " (" + attempt.failCode() + ")";
    return "attempt %d  %s to %s  %s  charged: %s, credits %s (reserved %s)%s"
        .formatted(
            attempt.number(),
            TIME.format(attempt.submitted()),
            ended == null ? "now" : TIME.format(ended),
            attempt.taskId() == null ? "no task id" : "task " + attempt.taskId(),
            charged == null ? "not yet known" : charged.word(),
            text(attempt.credits()),
            text(attempt.reserved()),
            attempt.failMessage() == null ? "" : "  failed" + code + ": " + attempt.failMessage());
  }

  private static String line(Receipt receipt) {
    return "result    %s  (%s, %s)"
        .formatted(
            Text.oneLine(receipt.location(), 1000), receipt.target(), TIME.format(receipt.at()));
  }

  private static String line(OwedTarget target) {
    return "owed      %s does not have it yet%s%s"
        .formatted(
            target.target(),
            refused(target.tries(), target.said()),
            target.givenUp() ? ", given up" : ", next try " + TIME.format(target.nextTry()));
  }

  private static String line(OutcomeRow message) {
    return "message   %s %s has not arrived%s%s, next try %s"
        .formatted(
            message.id(),
            message.type(),
            message.waitsFor() == null ? "" : " at " + message.waitsFor(),
            refused(message.tries(), message.error()),
            TIME.format(message.nextTry()));
  }

  private static String refused(int tries, @Nullable String why) {
    return tries == 0
        ? ""
        : ", tried " + times(tries) + (why == null ? "" : " (" + Text.oneLine(why, 300) + ")");
  }

  private static String text(@Nullable Double credits) {
    return credits == null
        ? "not known"
        : BigDecimal.valueOf(credits).stripTrailingZeros().toPlainString();
  }

  private static String held(String reason) {
    return "It waits for money: " + reason + ". Nothing is charged for that.";
  }

  /** What refuses the present step again and again, and what to do; empty: nothing does. */
  private static Optional<String> refusal(Job job, Database database) {
    return new JobQueries(database)
        .history().troubles(job).stream()
            .map(trouble -> refusal(job, trouble))
            .reduce((one, next) -> one + "\n" + next);
  }

  private static String refusal(Job job, Trouble trouble) {
    var facts =
        "refused %s since %s, last with: %s."
            .formatted(
                times(trouble.tries()),
                TIME.format(trouble.since()),
                Text.oneLine(trouble.said(), 1000).replaceFirst("\\.$", ""));
    var next = " Next try " + TIME.format(trouble.nextTry()) + ". ";
    return switch (job.state()) {
      case GENERATED ->
          "The video is made and paid, but fetching it was "
              + facts
              + next
              + "Mend what refuses (make room on the disk, let the address be reached): the next"
              + " try then fetches it. Fetching costs nothing.";
      case FETCHED ->
          "The video is here and paid, but delivering it to "
              + (trouble.target() == null ? "its target" : trouble.target())
              + " was "
              + facts
              + (trouble.givenUp()
                  ? " That is given up. Make the target writable; once the other targets have the"
                      + " video, run: klingdrop redeliver "
                      + job.id()
                      + " (free)."
                  : next
                      + "Make the target writable: the next try then delivers it. Delivering costs"
                      + " nothing.");
      case RUNNING ->
          "The provider works on it, but looking at its task was "
              + facts
              + next
              + "Let the provider be reached: the next look then goes on. Looking costs nothing.";
      case READY, CLAIMED, SUBMITTING, DELIVERED, CANCELLED, DUPLICATE, FAILED, SUBMIT_UNKNOWN ->
          "It waits: it was "
              + facts
              + next
              + "Mend what refuses: the next try then goes on. Nothing is charged for waiting.";
    };
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }

  /** What a person is to know and to do about a job now. */
  static String advice(Job job, Database database) {
    var failure = job.failure();
    var queries = new JobQueries(database);
    return switch (job.state()) {
      case DELIVERED -> "Done.";
      case CANCELLED ->
          job.taskId() == null
              ? "A person stopped it"
                  + (queries.history().charged(job) == Charged.NO ? "; nothing was charged." : ".")
              : "A person stopped it here; task " + job.taskId() + " is paid at the provider.";
      case DUPLICATE ->
          "The same content was dropped before: klingdrop why " + job.content().duplicateOf();
      case FAILED, SUBMIT_UNKNOWN ->
          failure == null
              ? ""
              : "%s. Charged: %s. %s"
                  .formatted(
                      failure.message(),
                      failure.charged().word(),
                      failure.failureClass().nextStep().replace("JOB", job.id()));
      case READY, CLAIMED, SUBMITTING ->
          new LaneRows(database)
              .all().stream()
                  .filter(lane -> lane.provider().equals(job.provider()))
                  .findFirst()
                  .map(lane -> "It waits: " + lane.sentence())
                  .or(() -> queries.history().held(job.id()).map(Why::held))
                  .or(() -> refusal(job, database))
                  .orElse("It waits for its turn; nothing is charged for that.");
      case RUNNING ->
          refusal(job, database)
              .orElse(
                  "The provider works on it; next look "
                      + TIME.format(job.times().due())
                      + ". Nothing to do.");
      case GENERATED ->
          refusal(job, database)
              .orElse("The video is made and paid; it is being fetched. Nothing to do.");
      case FETCHED ->
          refusal(job, database).orElse("The video is here; it is being delivered. Nothing to do.");
    };
  }
}
