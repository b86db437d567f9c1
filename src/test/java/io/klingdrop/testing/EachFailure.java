package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;

/** One bundle for each failure class, called by it, and one more that the provider calls 422. */
public final class EachFailure {
  private static final int SEED = 900;

  private EachFailure() {}

  /** Drops them, with settings that give up soon; what else is dropped there succeeds. */
  public static void drop(Workplace place, FakeKie kie) throws IOException {
    place
        .set("klingdrop.inbox.pair-window", "1s")
        .set("klingdrop.submit.give-up", "1s")
        .set("klingdrop.poll.grace", "1s")
        .set("klingdrop.result.give-up", "1s")
        .set("klingdrop.deliver.give-up", "1s");
    var inbox = place.inbox("avatar");
    TestMedia.wav(inbox.resolve("unpaired.wav"), TestMedia.VOICE_LENGTH, SEED);
    Files.writeString(inbox.resolve("invalid.png"), "no picture");
    TestMedia.wav(inbox.resolve("invalid.wav"), TestMedia.VOICE_LENGTH, SEED + 1);
    drop(place, kie, "shape", TaskPlan.fails("422", "file type not supported"));
    drop(place, kie, "rejected", TaskPlan.fails("422", "blocked by content policy"));
    drop(place, kie, "generation", TaskPlan.fails("501", "Generation failed"));
    drop(place, kie, "expired", TaskPlan.succeeds().unknownFor(10_000));
    drop(place, kie, "result", TaskPlan.succeeds().result(ResultShape.NO_URLS));
    drop(place, kie, "provider", TaskPlan.succeeds());
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("provider"))
        .always(Answers.envelope(500, "Internal Error, Please try again"));
    drop(place, kie, "submit-unknown", TaskPlan.succeeds());
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("submit-unknown"))
        .always(Faults.acceptThenReset());
    var outbox = Files.createDirectories(place.folder().resolve("outbox/avatar"));
    Files.writeString(outbox.resolve("stuck"), "a file where a folder should be");
    TestMedia.pair(Files.createDirectories(inbox.resolve("stuck")), "delivery", SEED + 2);
  }

  private static void drop(Workplace place, FakeKie kie, String name, TaskPlan plan)
      throws IOException {
    kie.plan().when(Call.promptContains(name)).always(plan);
    var inbox = place.inbox("avatar");
    Files.writeString(inbox.resolve(name + ".txt"), name);
    TestMedia.pair(inbox, name, name.hashCode());
  }
}
