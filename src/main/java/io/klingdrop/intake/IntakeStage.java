package io.klingdrop.intake;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.Reservations;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Puts the intake together: {@code routes/intake.camel.yaml}. */
public record IntakeStage(
    Inbox inbox, BundleTaker taker, Admission admission, BundleGateway gateway) {

  /** The stage of this service. */
  public static IntakeStage of(StageContext context) {
    var settings = context.settings();
    var catalogue = context.catalogue();
    var clock = context.clock();
    var queries = context.queries();
    var jobs = new NewJobs(context.database(), clock);
    Function<String, Needs> needs = profile -> InboxPlan.needs(catalogue, profile);
    var inbox =
        new Inbox(
            settings.folders().inbox(),
            settings.inbox(),
            needs,
            queries,
            context.grounds(),
            clock,
            InboxPlan.note(settings));
    Function<String, Job.Goal> goals =
        profile ->
            catalogue
                .profile(profile)
                .map(known -> new Job.Goal(known.provider(), known.model()))
                .orElse(new Job.Goal("", ""));
    var taker =
        new BundleTaker(
            inbox,
            settings.folders(),
            context.grounds().sharing(),
            goals,
            Sizes.of(catalogue),
            jobs,
            queries,
            clock,
            step -> {});
    inbox.before(taker::settle);
    var reservations = new Reservations(context.database(), context.grounds().sharing().mark());
    var gateway =
        new BundleGateway(settings, needs, reservations, queries, context.grounds(), clock);
    var turn =
        new ScanTurn(
            context.node(),
            () -> {
              taker.recoverFromOthers();
              gateway.recoverFromOthers();
            });
    inbox.readBy(turn::mine);
    return new IntakeStage(inbox, taker, new Admission(context, jobs), gateway);
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("inbox", inbox);
    registry.accept("claims", taker);
    registry.accept("admission", admission);
  }
}
