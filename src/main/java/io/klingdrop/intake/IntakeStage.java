package io.klingdrop.intake;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.Reservations;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;

/**
 * Puts the intake together: {@code routes/intake.camel.yaml}.
 *
 * @param inbox for Camel's file consumer
 * @param taker takes bundles
 * @param admission checks them
 * @param gateway lets in what comes by other ways
 */
public record IntakeStage(
    Inbox inbox, BundleTaker taker, Admission admission, BundleGateway gateway) {

  /** The stage of this service. */
  public static IntakeStage of(StageContext context) {
    var settings = context.settings();
    var catalogue = context.catalogue();
    var clock = context.clock();
    var jobs = new NewJobs(context.database(), clock);
    var inbox =
        new Inbox(
            settings.folders().inbox(),
            settings.inbox(),
            profile -> InboxPlan.needs(catalogue, profile),
            context.queries(),
            context.grounds(),
            clock,
            InboxPlan.note(settings));
    var taker =
        new BundleTaker(
            inbox,
            settings.folders(),
            profile ->
                catalogue
                    .profile(profile)
                    .map(known -> new Job.Goal(known.provider(), known.model()))
                    .orElse(new Job.Goal("", "")),
            Sizes.of(catalogue),
            jobs,
            context.queries(),
            clock,
            step -> {});
    return new IntakeStage(
        inbox,
        taker,
        new Admission(
            new Checks(catalogue),
            context.ledger(),
            jobs,
            context.claims(),
            settings.folders(),
            taker::settle),
        BundleGateway.of(
            settings,
            catalogue,
            new Reservations(context.database()),
            context.queries(),
            context.grounds(),
            clock));
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("inbox", inbox);
    registry.accept("claims", taker);
    registry.accept("admission", admission);
  }
}
