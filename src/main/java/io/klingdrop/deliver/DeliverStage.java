package io.klingdrop.deliver;

import io.klingdrop.ledger.Shipments;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;

/** Puts the delivery together: {@code routes/deliver.camel.yaml}. */
public record DeliverStage(Outbox outbox, Bucket bucket, Deliveries deliveries, Archive archive) {

  /** The stage of this service. */
  public static DeliverStage of(
      StageContext context,
      Targets targets,
      Shipments shipments,
      Store store,
      BucketBreaker breaker) {
    var folders = context.settings().folders();
    var outbox =
        new Outbox(
            folders, context.receipts(), context.queries(), context.grounds(), context.clock());
    var bucket = new Bucket(store, context);
    return new DeliverStage(
        outbox,
        bucket,
        new Deliveries(context, shipments, targets, outbox, bucket, breaker),
        new Archive(context.ledger(), context.claims(), folders, context.grounds()));
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("outbox", outbox);
    registry.accept("bucket", bucket);
    registry.accept("deliveries", deliveries);
    registry.accept("archive", archive);
  }
}
