package io.klingdrop.poll;

import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;

/** Puts the polling consumer together: {@code routes/poll.camel.yaml}. */
public record PollStage(Polls polls) {

  /** The stage of this service. */
  public static PollStage of(StageContext context) {
    var silent =
        new SilentAccounts(
            new CallbackRows(context.database()), context.settings(), context.clock());
    context.callbacks().onSilence(silent::lookNow);
    return new PollStage(new Polls(context, Math::random));
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("polls", polls);
  }
}
