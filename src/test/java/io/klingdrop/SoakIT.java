package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AcceptedTask;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.CrashSite;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many pairs, many kill -9 at random moments, a provider that does each wrong thing in one call of
 * twenty. Few of each by default; {@code -Plong} runs two hundred of both and prints the counts.
 */
class SoakIT {
  private static final int PERCENT = 5;

  @TempDir private Path temp;

  @Test
  void killsAndFaultsLoseNothingAndPayNothingTwice() throws Exception {
    var pairs = Integer.getInteger("klingdrop.soak.pairs", 12);
    var kills = Integer.getInteger("klingdrop.soak.kills", 6);
    var random = new Random(Long.getLong("klingdrop.soak.seed", 5));
    try (var site = new CrashSite(temp, List.of())) {
      site.place()
          .set("klingdrop.submit.timeout", "1s")
          .set("klingdrop.poll.timeout", "1s")
          .set("klingdrop.upload.timeout", "1s")
          .set("klingdrop.result.stall", "1s");
      misbehave(site, random.nextLong());
      var dropped = 0;
      for (int kill = 0; kill < kills; kill++) {
        for (; dropped < (kill + 1) * pairs / kills; dropped++) {
          site.dropped(TestMedia.pair(site.inbox("avatar"), "pair" + dropped, dropped));
        }
        site.diedAfter(Duration.ofMillis(random.nextInt(0, 2500)));
      }
      site.finish();
      report(site, pairs, kills);
    }
  }

  private static void misbehave(CrashSite site, long seed) {
    var kie = site.kie();
    kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(700)).padding(100_000));
    kie.on(Endpoint.UPLOAD)
        .always(
            sometimes(
                seed, Answers.status(500), Faults.closeUnanswered(), Faults.resetBeforeRead()));
    kie.on(Endpoint.CREATE_TASK)
        .always(
            sometimes(
                seed + 1,
                Faults.acceptThenReset(),
                Faults.acceptThenStatus(502),
                Faults.acceptThenHang(),
                Faults.closeUnanswered(),
                Answers.envelope(500, "Server exception, please try again later"),
                Answers.envelope(455, "maintained"),
                Answers.tooFrequent(),
                Answers.status(503)));
    kie.on(Endpoint.RECORD_INFO)
        .always(
            sometimes(
                seed + 2,
                Answers.html(),
                Answers.status(500),
                Answers.invalidJson(),
                Answers.tooFrequent(),
                Faults.closeUnanswered(),
                Faults.hang()));
    kie.on(Endpoint.RESULT)
        .always(
            sometimes(
                seed + 3,
                Faults.resetAfter(20_000),
                Faults.truncateAfter(30_000),
                Faults.lengthOffBy(-1000),
                Faults.stallAfter(10_000),
                Answers.status(404),
                Answers.html()));
  }

  /** Each of these in one call of twenty, else the honest answer. */
  private static Behaviour sometimes(long seed, Behaviour... faults) {
    var random = new Random(seed);
    return turn -> {
      int drawn;
      synchronized (random) {
        drawn = random.nextInt(100) / PERCENT;
      }
      (drawn < faults.length ? faults[drawn] : Behaviour.HONEST).play(turn);
    };
  }

  private static void report(CrashSite site, int pairs, int kills) {
    var jobs = site.place().jobs();
    var accepted = site.kie().accepted();
    var most =
        accepted.stream()
            .collect(Collectors.groupingBy(AcceptedTask::media, Collectors.counting()))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    var delivered = in(jobs, JobState.DELIVERED);
    var unknown = in(jobs, JobState.SUBMIT_UNKNOWN);
    System.out.printf(
        "soak: %d pairs, %d kills, %d createTask calls, %d accepted, at most %d a pair,"
            + " %d delivered, %d submit-unknown%n",
        pairs,
        kills,
        site.kie().createCalls(),
        accepted.size(),
        most,
        delivered.size(),
        unknown.size());
    assertThat(jobs).hasSize(pairs);
    assertThat(most).isEqualTo(1);
    assertThat(delivered.size() + unknown.size()).isEqualTo(pairs);
    assertThat(delivered).extracting(Job::taskId).doesNotHaveDuplicates();
  }

  private static List<Job> in(List<Job> jobs, JobState state) {
    return jobs.stream().filter(job -> job.state() == state).toList();
  }
}
