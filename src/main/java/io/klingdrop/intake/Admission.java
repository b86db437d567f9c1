package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
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
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final Checks checks;
  private final Ledger ledger;
  private final NewJobs jobs;
  private final JobClaims claims;
  private final Folders folders;
  private final Runnable before;

  /**
   * Admission by these checks.
   *
   * @param before what is done before each claim; must not fail
   */
  Admission(
      Checks checks,
      Ledger ledger,
      NewJobs jobs,
      JobClaims claims,
      Folders folders,
      Runnable before) {
    this.checks = checks;
    this.ledger = ledger;
    this.jobs = jobs;
    this.claims = claims;
    this.folders = folders;
    this.before = before;
  }

  /** Jobs that were taken and not yet checked, as after a crash. */
  public List<Job> claimDue() {
    before.run();
    return claims.claimDue(Due.in(Set.of(JobState.CLAIMED), 16), Duration.ofMinutes(5));
  }

  /**
   * Checks a taken bundle and commits the verdict.
   *
   * @return the job: READY, DUPLICATE or FAILED
   */
  public Job admit(Job job) throws IOException {
    var home = job.home();
    if (home == null) {
      return ledger.failed(job, Failure.of(FailureClass.INVALID, "the bundle's files are gone"));
    }
    CrashPoint.at("intake.check-begun");
    var checked = checks.check(job.profile(), job.files(), Path.of(home), defaults(job));
    CrashPoint.at("intake.checked");
    var refusal = checked.refusal();
    if (refusal != null) {
      return CrashPoint.after("intake.refusal-committed", ledger.failed(job, refusal));
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
    var folder = folders.work(job.id()).resolve("defaults");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var files = new ArrayList<Path>();
    for (int depth = 0; Files.isDirectory(folder.resolve(Integer.toString(depth))); depth++) {
      try (var level = Files.list(folder.resolve(Integer.toString(depth)))) {
        level.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }
}
