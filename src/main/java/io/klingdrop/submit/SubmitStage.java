package io.klingdrop.submit;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.ledger.Uploads;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.stage.StageContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

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
    var settings = context.settings();
    var clock = context.clock();
    var uploads = new Uploads(context.database());
    var media = new BucketMedia(store, breaker, uploads, settings.media(), clock);
    var requests =
        new Requests(
            context.catalogue(),
            context.providers(),
            uploads,
            context.ledger(),
            context.claims(),
            context.lanes(),
            context.callbacks(),
            settings,
            clock,
            context.mapper(),
            media);
    var gate = new SpendingGate(context.database(), clock);
    var budget =
        new BudgetGate(
            gate, context.queries(), BudgetCaps.of(settings, context.catalogue()), clock);
    var readyJobs =
        new ReadyJobs(
            context.claims(),
            context.queries(),
            context.providers(),
            context.lanes(),
            budget,
            lackOfRoom,
            clock);
    var notes = new TaskIdNote(settings.folders());
    var refusals =
        new Refusals(
            context.ledger(),
            context.queries(),
            context.lanes(),
            settings.submit().giveUp(),
            clock);
    var answers =
        new CreateAnswers(
            context.ledger(), context.lanes(), refusals, notes, firstLook, readyJobs, clock);
    var submissions =
        new Submissions(
            context.ledger(),
            context.claims(),
            context.providers(),
            requests,
            readyJobs,
            budget,
            answers,
            clock);
    var recovery =
        new SubmitRecovery(
            context.ledger(),
            context.claims(),
            context.queries(),
            context.providers(),
            budget,
            new Restored(context.ledger(), gate, context.queries(), context.providers()),
            notes,
            answers,
            settings,
            clock);
    var lookups =
        new Lookups(
            context.ledger(),
            context.claims(),
            context.queries(),
            context.providers(),
            context.lanes(),
            settings,
            clock);
    var callbacks =
        new CallbackHandler(
            context.ledger(),
            context.queries(),
            new CallbackRows(context.database()),
            context.providers(),
            context.callbacks(),
            clock);
    return new SubmitStage(requests, readyJobs, submissions, recovery, lookups, media, callbacks);
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
