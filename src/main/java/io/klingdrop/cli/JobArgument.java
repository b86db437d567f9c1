package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The one job a verb is about, as a person names it. */
final class JobArgument {

  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "job id, its beginning, task id or name")
  private String word = "";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Does {@code work} with the job and the open ledger; usage if no single job is meant. */
  int with(BiFunction<Job, Database, Integer> work) {
    return with(work, (unknown, database) -> Optional.empty());
  }

  /** The same, with what else may be known by a word that names no job. */
  int with(
      BiFunction<Job, Database, Integer> work,
      BiFunction<String, Database, Optional<String>> otherwise) {
    var settings = Here.settings();
    if (!Here.hasLedger(settings)) {
      err().println(Here.nothing(settings));
      return ExitCode.USAGE;
    }
    return Here.withDatabase(
        settings,
        database -> {
          var queries = new JobQueries(database);
          if (queries.find(word).isEmpty()) {
            var other = otherwise.apply(word, database);
            if (other.isPresent()) {
              out().println(other.get());
              return ExitCode.FINE;
            }
          }
          var found = find(word, queries, err());
          return found.isEmpty() ? ExitCode.USAGE : work.apply(found.get(), database);
        });
  }

  /** The one job a word means; anything else is told. */
  static Optional<Job> find(String word, JobQueries queries, PrintWriter err) {
    var found = queries.find(word);
    if (found.size() == 1) {
      return Optional.of(found.get(0));
    }
    if (found.isEmpty()) {
      err.println(Invocation.in("There is no job " + word + ". klingdrop status lists the jobs."));
    } else {
      err.println("Several jobs fit " + word + "; name one by its id:");
      found.forEach(job -> err.println("  " + job.id() + "  " + job.state() + "  " + job.path()));
    }
    return Optional.empty();
  }
}
