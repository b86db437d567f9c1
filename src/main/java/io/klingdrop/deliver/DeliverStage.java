package io.klingdrop.deliver;

import io.klingdrop.ledger.ChosenNames;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;

/** Puts the delivery together: {@code routes/deliver.camel.yaml}. */
public final class DeliverStage {

  private DeliverStage() {}

  /** Gives the routes their beans. */
  public static void bind(
      StageContext context,
      Targets targets,
      Shipments shipments,
      Store store,
      BucketBreaker breaker,
      BiConsumer<String, Object> registry) {
    var folders = context.settings().folders();
    var names =
        context.grounds().sharing().withOthers()
            ? new ChosenNames(context.database(), context.clock())
            : null;
    var outbox =
        new Outbox(
            folders,
            context.receipts(),
            context.queries(),
            context.grounds(),
            names,
            context.clock());
    var bucket = new Bucket(store, context, names);
    registry.accept("outbox", outbox);
    registry.accept("bucket", bucket);
    registry.accept(
        "deliveries", new Deliveries(context, shipments, targets, outbox, bucket, breaker));
    registry.accept(
        "archive",
        new Archive(
            context.ledger(), context.claims(), context.queries(), folders, context.grounds()));
  }
}
