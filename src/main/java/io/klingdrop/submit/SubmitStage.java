package io.klingdrop.submit;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Uploads;
import io.klingdrop.provider.GenuineCallback;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.stage.StageContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/**
 * Puts the paid step together: {@code routes/submit.camel.yaml} and {@code callback.camel.yaml}.
 */
public record SubmitStage(
    Requests requests,
    ReadyJobs readyJobs,
    Submissions submissions,
    SubmitRecovery recovery,
    Lookups lookups,
    BucketMedia media,
    CallbackHandler callbacks) {

  /**
   * The stage of this service.
   *
   * @param firstLook when a task that was accepted just now is looked at first
   * @param lackOfRoom why nothing can be submitted for want of disk space, if so
   */
  public static SubmitStage of(
      StageContext context,
      Store store,
      BucketBreaker breaker,
      Function<Job, Instant> firstLook,
      Supplier<Optional<String>> lackOfRoom) {
    var uploads = new Uploads(context.database());
    var media =
        new BucketMedia(store, breaker, uploads, context.settings().media(), context.clock());
    var requests = new Requests(context, uploads, media);
    var budget = new BudgetGate(context);
    var readyJobs = new ReadyJobs(context, budget, lackOfRoom);
    var notes = new TaskIdNote(context.settings().folders());
    var answers = new CreateAnswers(context, notes, readyJobs, firstLook);
    var recovery = new SubmitRecovery(context, budget, notes, answers);
    var lanes = new LaneTakeOver(context);
    context.node().onLane(lanes::gained);
    context.node().onBeat(share -> lanes.beat());
    return new SubmitStage(
        requests,
        readyJobs,
        new Submissions(context, requests, readyJobs, budget, answers),
        recovery,
        new Lookups(context, recovery),
        media,
        new CallbackHandler(context));
  }

  /**
   * The way of a callback from the HTTP port into {@code routes/callback.camel.yaml}, once Camel
   * runs. It tells whether the ledger has it: only then may the provider be thanked.
   */
  public static Predicate<GenuineCallback> callbackRoute(Supplier<ProducerTemplate> camel) {
    return callback ->
        camel.get().requestBody("direct:callback-take", callback) instanceof JobState;
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("requests", requests);
    registry.accept("readyJobs", readyJobs);
    registry.accept("submissions", submissions);
    registry.accept("lookups", lookups);
    registry.accept("bucketMedia", media);
    registry.accept("callbackHandler", callbacks);
  }
}
