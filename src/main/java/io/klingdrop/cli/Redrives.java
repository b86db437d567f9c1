package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.redrive.Verb;
import io.klingdrop.redrive.VerbRun;
import io.klingdrop.redrive.VerbRun.Done;
import io.klingdrop.redrive.VerbRun.Refused;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** Takes one verb to jobs that a service may be changing, and tells what became of each. */
record Redrives(Selection selection, Verb verb, JobQueries queries, VerbRun run) {
  /** Asks the person, if there is something to agree to. */
  @FunctionalInterface
  interface Consent {
    boolean given(List<Job> jobs, Settings settings, JobQueries queries);
  }

  /** Runs a verb that costs nothing. */
  static int free(Selection selection, Function<JobQueries, Verb> making) {
    return run(selection, making, (jobs, settings, queries) -> true);
  }

  /** Runs the verb: 0 if it was done to all, 1 if not to some, 2 if nothing was tried. */
  static int run(Selection selection, Function<JobQueries, Verb> making, Consent consent) {
    selection.check();
    var settings = Here.settings();
    if (!Here.hasLedger(settings)) {
      selection.err().println("No jobs yet.");
      return ExitCode.USAGE;
    }
    return Here.withDatabase(
        settings,
        database -> {
          var queries = new JobQueries(database);
          var verb = making.apply(queries);
          var run = new VerbRun(verb, queries, new Ledger(database, InstantSource.system()));
          return new Redrives(selection, verb, queries, run).run(settings, consent);
        });
  }

  private int run(Settings settings, Consent consent) {
    var selected = selection.jobs(queries, verb);
    if (selected.isEmpty()) {
      return ExitCode.USAGE;
    }
    var jobs = selected.get();
    var fit = jobs.stream().filter(this::applies).toList();
    if (jobs.isEmpty()) {
      selection.out().println("There is no job to " + selection.verb() + ".");
      return ExitCode.FINE;
    }
    if (fit.isEmpty()) {
      return jobs.size() == 1 ? ExitCode.USAGE : ExitCode.FAILED;
    }
    if (selection.dry()) {
      fit.forEach(
          job -> selection.out().printf("%s  %s  %s%n", job.id(), job.path(), verb.says(job)));
      selection.out().println(count(fit.size()) + " would be changed. Nothing was changed.");
      return fit.size() == jobs.size() ? ExitCode.FINE : ExitCode.FAILED;
    }
    if (!consent.given(fit, settings, queries)) {
      selection.out().println("Nothing was changed.");
      return ExitCode.USAGE;
    }
    var done = fit.stream().filter(this::change).count();
    if (jobs.size() > 1) {
      selection.out().printf("%d of %s: done.%n", done, count(jobs.size()));
    }
    return done == jobs.size() ? ExitCode.FINE : ExitCode.FAILED;
  }

  private static String count(int jobs) {
    return jobs == 1 ? "1 job" : jobs + " jobs";
  }

  private boolean applies(Job job) {
    var objection = run.objection(job);
    objection.ifPresent(refused -> tell(refused, job));
    return objection.isEmpty();
  }

  private void tell(Refused refused, Job job) {
    selection
        .err()
        .println(
            switch (refused.code()) {
              case "still-filing" ->
                  "The files of job %s are still being put away by the service; try again then."
                      .formatted(job.id());
              case "busy" -> "The service is busy with job " + job.id() + "; try again.";
              default ->
                  Invocation.in(
                      "%s does not apply to job %s: %s See: klingdrop why %s"
                          .formatted(selection.verb(), job.id(), refused.reason(), job.id()));
            });
  }

  private boolean change(Job selected) {
    try {
      var answer = run.take(selected.id(), false);
      if (answer instanceof Refused refused) {
        tell(refused, selected);
      } else if (answer instanceof Done done) {
        selection.out().println(done.said());
        return true;
      }
    } catch (LedgerException e) {
      selection.err().println("Job " + selected.id() + ": " + e.getMessage());
    }
    return false;
  }
}
