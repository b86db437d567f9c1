package io.klingdrop.cli;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.Suggest;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.redrive.Verb;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The jobs a verb is about: some by name, or all of a failure class or a profile, or all. */
final class Selection {

  @Parameters(
      arity = "0..*",
      paramLabel = "JOB",
      description = "job ids, their beginnings, task ids or names")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "all jobs of a failure class, such as generation")
  private @Nullable String channel;

  @Option(names = "--profile", paramLabel = "PROFILE", description = "all jobs of a profile")
  private @Nullable String profile;

  @Option(names = "--all", description = "all jobs to which the verb applies")
  private boolean all;

  @Option(names = "--dry-run", description = "only list what would be done")
  private boolean dry;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  String verb() {
    return spec.name();
  }

  boolean dry() {
    return dry;
  }

  /** Whether the jobs were named one by one. */
  boolean named() {
    return !words.isEmpty();
  }

  /** Refuses a command line that does not say which jobs are meant. */
  void check() {
    var filtered = all || channel != null || profile != null;
    if (named() == filtered) {
      throw wrong(
          named()
              ? "name jobs, or select them with --class, --profile or --all, not both"
              : "which jobs? Name them, or select them with --class, --profile or --all");
    }
    failureClass();
  }

  private Optional<FailureClass> failureClass() {
    var typed = channel;
    if (typed == null) {
      return Optional.empty();
    }
    var found = FailureClass.ofChannel(typed);
    if (found.isEmpty()) {
      var known = Arrays.stream(FailureClass.values()).map(FailureClass::channel).toList();
      var near = Suggest.closest(typed, known).map(one -> "; did you mean " + one + "?");
      throw wrong(
          "%s is not a failure class%s There are: %s"
              .formatted(typed, near.orElse("."), String.join(", ", known)));
    }
    return found;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The oldest first or as they were named; empty if a name is not one job, which is told. */
  Optional<List<Job>> jobs(JobQueries queries, Verb verb) {
    if (!named()) {
      return Optional.of(
          queries.unsettled(failureClass().orElse(null), profile).stream()
              .filter(job -> channel != null || verb.sweeps(job))
              .filter(job -> verb.objection(job).isEmpty())
              .toList());
    }
    var found = new LinkedHashMap<String, Job>();
    for (var word : words) {
      var one = JobArgument.find(word, queries, err());
      if (one.isEmpty()) {
        return Optional.empty();
      }
      found.put(one.get().id(), one.get());
    }
    return Optional.of(List.copyOf(found.values()));
  }
}
