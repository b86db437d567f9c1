package io.klingdrop.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: counts, closed lanes, and the jobs that matter now. */
@Command(
    name = "status",
    description = {
      "Show jobs by state, closed lanes and what needs a person.",
      "Shows the money of the day and messages that wait, too."
    },
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {
  private static final int SHOWN = 15;

  /** Those that matter now. */
  private static final List<JobState> SHOWN_STATES =
      List.of(
          JobState.READY,
          JobState.SUBMITTING,
          JobState.RUNNING,
          JobState.GENERATED,
          JobState.FETCHED,
          JobState.SUBMIT_UNKNOWN,
          JobState.FAILED);

  @Option(names = "--watch", description = "keep showing them, until Ctrl-C")
  private boolean watch;

  @Option(names = "--json", description = "for programs: one JSON document")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (!Here.hasLedger(settings)) {
      out.println(json ? "{\"states\": {}, \"lanes\": [], \"jobs\": []}" : Here.nothing(settings));
      return ExitCode.FINE;
    }
    return Here.withDatabase(settings, database -> tell(settings, database, out));
  }

  private int tell(Settings settings, Database database, PrintWriter out) {
    if (json) {
      return Json.print(document(settings, database), out);
    }
    return watch
        ? new Live(out, Ansi.AUTO.enabled()).show(page -> print(settings, database, page))
        : print(settings, database, out);
  }

  private static int print(Settings settings, Database database, PrintWriter out) {
    var queries = new JobQueries(database);
    var counts = queries.counts().byState();
    if (counts.isEmpty()) {
      out.println("No jobs yet.");
    }
    counts.forEach((state, count) -> out.printf("%-15s %d%n", state, count));
    Spending.today(settings, queries).lines().forEach(out::println);
    var held = queries.counts().held();
    if (held > 0) {
      out.println("waiting for money: " + held + (held == 1 ? " job" : " jobs"));
    }
    for (var lane : new LaneRows(database).all()) {
      out.println("lane: " + Invocation.in(lane.sentence()));
    }
    var places = Places.of(database);
    places.line().map(Invocation::in).ifPresent(out::println);
    InboxPlan.hindrances(settings).forEach(one -> out.println("left in the inbox: " + one));
    outcomes(new OutcomeRows(database, InstantSource.system()), out);
    for (var state : SHOWN_STATES) {
      var jobs = queries.in(state);
      jobs.stream().limit(SHOWN).forEach(job -> out.println(line(job, queries, places)));
      if (jobs.size() > SHOWN) {
        out.printf("  … and %d more %s%n", jobs.size() - SHOWN, state);
      }
    }
    return ExitCode.FINE;
  }

  private static ObjectNode document(Settings settings, Database database) {
    var queries = new JobQueries(database);
    var document = JsonNodeFactory.instance.objectNode();
    var states = document.putObject("states");
    queries.counts().byState().forEach((state, count) -> states.put(state.name(), count));
    document.put("waitingForMoney", queries.counts().held());
    var spent = document.putObject("spentToday");
    queries.counts().spent(Instant.now()).forEach(spent::put);
    var lanes = document.putArray("lanes");
    for (var lane : new LaneRows(database).all()) {
      lanes
          .addObject()
          .put("provider", lane.provider())
          .put("model", lane.model())
          .put("cause", lane.cause())
          .put("since", lane.closedAt().toString())
          .put("nextLook", lane.nextLook().map(Instant::toString).orElse(null));
    }
    InboxPlan.hindrances(settings).forEach(document.putArray("leftInInbox")::add);
    var jobs = document.putArray("jobs");
    var job = Json.jobs(queries);
    SHOWN_STATES.forEach(state -> job.listed(queries.in(state)).forEach(jobs::add));
    return document;
  }

  private static void outcomes(OutcomeRows rows, PrintWriter out) {
    for (var backlog : rows.backlog()) {
      if (backlog.failing() > 0) {
        var said =
            "outcomes: %d %s, %d not taken, the oldest since %s; see: klingdrop outcomes"
                .formatted(
                    backlog.count(), what(backlog), backlog.failing(), age(backlog.oldest()));
        out.println(Invocation.in(said));
      }
    }
  }

  private static String what(OutcomeRows.Backlog backlog) {
    var one = backlog.way() == OutcomeRow.Way.CHANNEL ? "message" : "notice";
    return backlog.count() == 1 ? one + " waits" : one + "s wait";
  }

  private static String line(Job job, JobQueries queries, Places places) {
    var failure = job.failure();
    var reason =
        failure == null
            ? queries.history().held(job.id()).orElse("")
            : failure.failureClass().channel() + ": " + failure.message();
    return "%s  %-14s  %6s  %s  %s%s%s"
        .formatted(
            job.id(),
            job.state(),
            age(job.times().created()),
            Text.oneLine(job.path(), 60),
            places.brief(job),
            job.taskId() == null ? "" : "task " + job.taskId() + "  ",
            Text.oneLine(reason, 200));
  }

  private static String age(Instant since) {
    var age = Duration.between(since, Instant.now());
    if (age.toHours() >= 48) {
      return age.toDays() + "d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + "h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + "m" : age.toSeconds() + "s";
  }
}
