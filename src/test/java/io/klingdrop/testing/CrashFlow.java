package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What is dropped in a round between two deaths, and what the provider makes of it. */
public enum CrashFlow {
  /** Two bundles that become films: one of its own, one that shares picture and parameters. */
  SUCCESS {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      site.kie().plan().always(TaskPlan.succeeds().states("waiting", "success").padding(200_000));
      var deep = site.inbox("avatar").resolve("deep");
      site.dropped(Files.writeString(made(deep).resolve("own" + round + ".txt"), "own " + round));
      site.dropped(TestMedia.pair(deep, "own" + round, 2 * round));
      var cast = site.inbox("avatar").resolve("cast");
      if (round == 0) {
        site.shared(TestMedia.png(cast.resolve("_image.png"), 320, 320, -1));
        site.shared(Files.writeString(cast.resolve("_defaults.yaml"), "prompt: calm\n"));
      }
      var voice = cast.resolve("voice" + round + ".mp3");
      site.dropped(TestMedia.mp3(voice, TestMedia.VOICE_LENGTH, 2 * round + 1));
    }
  },
  /** Two bundles that end badly: the task of one fails, the other holds no sound. */
  FAILURE {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      site.kie().plan().always(TaskPlan.fails("501", "generation failed").credits(40));
      var deep = site.inbox("avatar").resolve("deep");
      site.dropped(TestMedia.pair(deep, "fails" + round, 2 * round));
      site.dropped(TestMedia.png(deep.resolve("mute" + round + ".png"), 320, 320, 2 * round + 1));
      site.dropped(Files.writeString(deep.resolve("mute" + round + ".wav"), "no sound " + round));
    }
  },
  /** The same bundle under two names at once: one of them is paid for. */
  DUPLICATE {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      site.kie().plan().always(TaskPlan.succeeds());
      var deep = site.inbox("avatar").resolve("deep");
      site.dropped(TestMedia.pair(deep, "first" + round, round));
      var again = TestMedia.pair(site.inbox("avatar"), "again" + round, round);
      site.droppedAgain(again.image());
      site.droppedAgain(again.audio());
    }
  },
  /** A bundle that becomes a film though every free call is refused once. */
  DETOUR {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      var kie = site.kie();
      kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(200)));
      kie.on(Endpoint.UPLOAD).next(Answers.status(500));
      kie.on(Endpoint.CREATE_TASK).next(Answers.envelope(500, "Server exception"));
      kie.on(Endpoint.RESULT).next(Answers.statusPage(403), Answers.status(500));
      site.dropped(TestMedia.pair(site.inbox("avatar"), "way" + round, round));
    }
  },
  /** A bundle whose task is accepted in an answer that does not arrive. */
  LOST {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      site.kie().on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
      site.dropped(TestMedia.pair(site.inbox("avatar"), "lost" + round, round));
    }
  },
  /** A bundle whose task id the database refuses, until the trigger is dropped. */
  REFUSED_BY_THE_DATABASE {
    @Override
    public void drop(CrashSite site, int round) throws IOException {
      site.kie()
          .on(Endpoint.CREATE_TASK)
          .next(
              turn -> {
                site.sql(
                    "create trigger refuse before update of task_id on job"
                        + " begin select raise(abort, 'refused'); end");
                turn.send(turn.honest());
              });
      site.dropped(TestMedia.pair(site.inbox("avatar"), "noted" + round, round));
    }
  };

  /** Puts this round's files into the inbox; no two rounds have a file in common. */
  public abstract void drop(CrashSite site, int round) throws IOException;

  private static Path made(Path folder) throws IOException {
    return Files.createDirectories(folder);
  }
}
