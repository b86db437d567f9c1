package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides for each taken bundle: ready to be paid for, a duplicate, or refused. Thread-safe. */
public record Admission(StageContext context, NewJobs jobs) {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** Jobs that were taken and not yet checked, as after a crash. */
  public List<Job> claimDue() {
    return context.claims().claimDue(Due.in(Set.of(JobState.CLAIMED), 16), Duration.ofMinutes(5));
  }

  /**
   * Checks a taken bundle and commits the verdict.
   *
   * @return the job: READY, DUPLICATE or FAILED
   */
  public Job admit(Job job) throws IOException {
    var home = job.home();
    if (home == null) {
      var gone = Failure.of(FailureClass.INVALID, "the bundle's files are gone");
      return context.ledger().failed(job, gone);
    }
    CrashPoint.at("intake.check-begun");
    var checks = new Checks(context.catalogue());
    var checked = checks.check(job.profile(), job.files(), Path.of(home), defaults(job));
    CrashPoint.at("intake.checked");
    var refusal = checked.refusal();
    if (refusal != null) {
      return CrashPoint.after("intake.refusal-committed", context.ledger().failed(job, refusal));
    }
    var audio = checked.audio();
    var verdict =
        jobs.checked(
            job,
            checked.input().toString(),
            Checks.contentKey(job.provider(), job.model(), checked.identity(), job.files()),
            audio == null ? null : audio.toMillis(),
            checked.estimate(),
            checked.warnings());
    if (verdict.state() == JobState.READY) {
      checked.warnings().forEach(warning -> LOG.warn("{}: {}", job.label(), warning));
    }
    return CrashPoint.after("intake.verdict-committed", verdict);
  }

  private List<Path> defaults(Job job) throws IOException {
    var files = new ArrayList<Path>();
    var folder = context.settings().folders().work(job.id()).resolve("defaults");
    for (int depth = 0; Files.isDirectory(folder.resolve(Integer.toString(depth))); depth++) {
      try (var level = Files.list(folder.resolve(Integer.toString(depth)))) {
        level.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }
}
