package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Database;
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

/**
 * Takes one verb to the selected jobs and tells the person what became of each. A running service
 * may change them meanwhile.
 */
final class Redrives {
  private final Selection selection;
  private final Verb verb;
  private final JobQueries queries;
  private final VerbRun run;

  private Redrives(Selection selection, Verb verb, Database database) {
    this.selection = selection;
    this.verb = verb;
    this.queries = new JobQueries(database);
    this.run = new VerbRun(verb, queries, new Ledger(database, InstantSource.system()));
  }

  /** Makes the verb for a ledger. */
  @FunctionalInterface
  interface Making {
    Verb verb(JobQueries queries);
  }

  /** Asks the person, if there is something to agree to. */
  @FunctionalInterface
  interface Consent {
    /** For verbs that cost nothing. */
    Consent FREE = (jobs, settings, queries) -> true;

    boolean given(List<Job> jobs, Settings settings, JobQueries queries);
  }

  /**
   * Runs the verb.
   *
   * @return 0 if it was done to all, 1 if not to some, {@link ExitCode#USAGE} if nothing was tried
   */
  static int run(Selection selection, Making making, Consent consent) {
    selection.check();
    var settings = Here.settings();
    if (!Here.hasLedger(settings)) {
      selection.err().println("No jobs yet.");
      return ExitCode.USAGE;
    }
    return Here.withDatabase(
        settings,
        database -> {
          var verb = making.verb(new JobQueries(database));
          return new Redrives(selection, verb, database).run(settings, consent);
        });
  }

  private int run(Settings settings, Consent consent) {
    var selected = selection.jobs(queries, verb);
    if (selected.isEmpty()) {
      return ExitCode.USAGE;
    }
    var jobs = selected.get();
    var fit = jobs.stream().filter(this::applies).toList();
    if (fit.isEmpty()) {
      if (jobs.isEmpty()) {
        selection.out().println("There is no job to " + selection.verb() + ".");
      }
      return jobs.isEmpty() ? ExitCode.FINE : jobs.size() == 1 ? ExitCode.USAGE : ExitCode.FAILED;
    }
    if (selection.dry()) {
      fit.forEach(job -> selection.out().println(line(job)));
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

  private String line(Job job) {
    return "%s  %s  %s".formatted(job.id(), job.path(), verb.says(job));
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
