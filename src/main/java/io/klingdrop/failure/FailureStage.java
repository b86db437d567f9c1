package io.klingdrop.failure;

import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;

/** Puts the filing of jobs without a video together: {@code routes/failure.camel.yaml}. */
public record FailureStage(Filing filing) {

  /** The stage of this service. */
  public static FailureStage of(StageContext context) {
    return new FailureStage(
        new Filing(
            context.ledger(),
            context.claims(),
            context.queries(),
            context.settings().folders(),
            context.grounds(),
            context.clock()));
  }

  /** Gives the routes their bean. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("filing", filing);
  }
}
