package io.klingdrop.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.camel.JobErrors;
import io.klingdrop.camel.JobHeaders;
import io.klingdrop.camel.LeaseReturn;
import io.klingdrop.camel.LedgerComponent;
import io.klingdrop.camel.OutcomeErrors;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.deliver.DeliverStage;
import io.klingdrop.deliver.Targets;
import io.klingdrop.failure.Filing;
import io.klingdrop.fetch.Fetches;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Names;
import io.klingdrop.health.Backlogs;
import io.klingdrop.health.FolderCheck;
import io.klingdrop.health.HealthMonitor;
import io.klingdrop.health.NodeWatch;
import io.klingdrop.health.Room;
import io.klingdrop.http.BundleDoor;
import io.klingdrop.http.HttpModule;
import io.klingdrop.http.NodeView;
import io.klingdrop.http.Views;
import io.klingdrop.intake.BundleGatewayRoutes;
import io.klingdrop.intake.IntakeStage;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.DueQuestion;
import io.klingdrop.ledger.EndedJobs;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobPages;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.LedgerFigures;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.node.Membership;
import io.klingdrop.node.SharedTime;
import io.klingdrop.outcomes.OutcomesStage;
import io.klingdrop.poll.Polls;
import io.klingdrop.process.DataLock;
import io.klingdrop.process.NodeInLog;
import io.klingdrop.process.StartException;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Tally;
import io.klingdrop.redrive.Pauses;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.settings.Settings;
import io.klingdrop.stage.StageContext;
import io.klingdrop.submit.SubmitStage;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one service, built in order: folders and lock, ledger, accounts, stages, port. Each
 * stage binds the beans of its routes. Nothing is read from the inbox or sent by building them.
 */
final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  final Settings settings;
  final Time clock;
  final Main camel;
  final Catalogue catalogue;
  final Database database;
  final JobQueries queries;
  final Grounds grounds;
  final Lanes lanes;
  final IntakeStage intake;
  final SubmitStage submit;
  final OutcomesStage outcomes;
  final LeaseReturn leases;
  final HealthMonitor health;
  final @Nullable HttpModule http;
  final Store store;
  final Membership node;
  private final DataLock lock;
  private final Fetches fetches;

  /** For a Camel that does not run yet; a {@link StartException} if what is here is at fault. */
  Wiring(Settings settings, Time time, Main camel) {
    this.settings = settings;
    this.camel = camel;
    lock = StartChecks.takeFolders(settings);
    var reachable = reachable();
    catalogue = StartChecks.catalogue(settings);
    var targets = new Targets(catalogue, settings);
    StartChecks.refuse(targets.problems());
    store =
        new Store(
            settings.s3(),
            settings.proxy(),
            settings.folders().data(),
            settings.database().shared());
    var db = settings.database();
    database = Database.open(db.url(), db.user(), db.password(), db.migrate());
    clock = database.shared() ? new SharedTime(time) : time;
    node = enter(time);
    var holder = node.holder();
    grounds = FolderCheck.grounds(database, settings, node.name(), clock);
    arrive(grounds);
    var ledger = new Ledger(database, clock);
    var claims = new JobClaims(database, holder, clock);
    queries = new JobQueries(database);
    var receipts = new Receipts(database, clock);
    var mapper = new ObjectMapper();
    CamelSetup.prepare(camel, settings);
    var accounts =
        new ProviderFactory(
            settings,
            catalogue,
            mapper,
            clock,
            this::wire,
            camel::bind,
            camel.configure()::addRoutesBuilder,
            new Tally());
    var providers = accounts.connect();
    var laneRows = new LaneRows(database);
    lanes = new Lanes(laneRows, settings.lane(), clock);
    var callbacks =
        new Callbacks(new CallbackRows(database), settings.callback().publicUrl(), clock);
    var context =
        new StageContext(
            settings, catalogue, database, holder, node, ledger, claims, queries, receipts, grounds,
            providers, lanes, callbacks, mapper, clock);
    var breaker = new BucketBreaker(clock);
    var room = room(targets);
    var shipments = new Shipments(database, holder, clock);
    leases = new LeaseReturn(holder, claims, shipments, node::mayClaim, clock);
    intake = IntakeStage.of(context);
    var polls = new Polls(context, Math::random);
    submit = SubmitStage.of(context, store, breaker, polls::firstLook, room::lack);
    fetches = new Fetches(context);
    outcomes = OutcomesStage.of(context, this::wire);
    intake.bindTo(camel::bind);
    submit.bindTo(camel::bind);
    camel.bind("polls", polls);
    camel.bind("fetches", fetches);
    DeliverStage.bind(context, targets, shipments, store, breaker, camel::bind);
    camel.bind("filing", Filing.of(context));
    outcomes.bindTo(camel::bind);
    camel.bind("jobHeaders", new JobHeaders());
    camel.bind("leases", leases);
    camel.bind(LedgerComponent.SCHEME, new LedgerComponent());
    camel.configure().addRoutesBuilder(new JobErrors(leases));
    camel.configure().addRoutesBuilder(new OutcomeErrors(outcomes.messages()::later));
    camel.configure().addRoutesBuilder(new BundleGatewayRoutes(intake.gateway()));
    makeProfileFolders();
    var inbox = intake.inbox();
    health =
        new HealthMonitor(
            settings,
            queries,
            lanes,
            submit.readyJobs()::look,
            grounds,
            new HealthMonitor.Scanner(
                inbox::lastScan, inbox::trouble, inbox::untakenSince, inbox::hindrances),
            new Backlogs(shipments, outcomes.rows(), clock)::said,
            room,
            new NodeWatch(
                node,
                new Whereabouts(database, clock),
                Nodes.accounts(settings),
                settings.node().lease()),
            clock);
    camel.bind("watch", health);
    camel.bind("due", new DueQuestion(database.reader(), clock));
    if (reachable) {
      var gateway = intake.gateway();
      // what the port is asked keeps no stage from the ledger, and a search no other question
      var asked = database.reader();
      http =
          new HttpModule(
              settings,
              new Views(
                  health::seen,
                  health::life,
                  catalogue,
                  new JobQueries(asked),
                  new LedgerFigures(asked),
                  new JobPages(database.reader()),
                  ledger,
                  new Receipts(asked, clock),
                  lanes,
                  new Pauses(settings, laneRows, clock),
                  callbacks,
                  providers,
                  accounts.tally(),
                  new OutcomeRows(asked, clock),
                  new EndedJobs(asked),
                  new BundleDoor(gateway::hand, gateway::find, gateway::waits, gateway::kinds),
                  new NodeView(
                      node, new NodeRows(asked, clock), new Whereabouts(asked, clock), this::ahead),
                  polls::usual),
              SubmitStage.callbackRoute(this::wire),
              mapper,
              clock);
      camel.configure().addRoutesBuilder(http.port().routes());
    } else {
      http = null;
    }
  }

  /** Whether there is to be a port; the data folder is given back if that stops the start. */
  private boolean reachable() {
    try {
      return StartChecks.hasPort(settings);
    } catch (StartException e) {
      closeQuietly(lock);
      throw e;
    }
  }

  /** Takes the folders into use; does not start if one is not the folder that was used before. */
  private void arrive(Grounds grounds) {
    var faults = FolderCheck.arrive(grounds, FolderCheck.trees(settings), clock);
    if (!faults.isEmpty()) {
      database.close();
      closeQuietly(lock);
      throw new StartException(String.join("\n", faults));
    }
  }

  private Duration ahead() {
    return clock instanceof SharedTime shared ? shared.ahead() : Duration.ZERO;
  }

  /** A place among the nodes; all is given back if there is none. */
  private Membership enter(Time machine) {
    try {
      var entered = Nodes.enter(settings, database, machine, clock);
      if (entered.shared()) {
        NodeInLog.name(entered.name());
      }
      return entered;
    } catch (StartException | LedgerException e) {
      database.close();
      closeQuietly(lock);
      throw e;
    }
  }

  private Room room(Targets targets) {
    var folders = new LinkedHashMap<String, Path>();
    folders.put("data", settings.folders().data());
    if (!settings.folders().workInData()) {
      folders.put("work", settings.folders().work());
    }
    if (targets.use("file")) {
      folders.put("outbox", settings.folders().outbox());
    }
    return new Room(folders, settings.submit().minFree());
  }

  private static void closeQuietly(DataLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.debug("the lock file did not close", e);
    }
  }

  private ProducerTemplate wire() {
    try {
      return camel.getCamelTemplate();
    } catch (Exception e) {
      throw new IllegalStateException("Camel is not running", e);
    }
  }

  private void makeProfileFolders() {
    for (var profile : catalogue.profiles()) {
      try {
        Files.createDirectories(settings.folders().inbox().resolve(Names.safe(profile.name())));
      } catch (IOException e) {
        LOG.warn(
            "the inbox folder of profile {} cannot be made: {}", profile.name(), e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (http != null) {
      http.close();
    }
    camel.stop();
    health.close();
    leases.close();
    fetches.close();
    store.close();
    node.close();
    tellStopped();
    database.close();
    lock.close();
  }

  private void tellStopped() {
    try {
      var open = queries.counts().open();
      LOG.info(
          "stopped, {} under way{}",
          open == 1 ? "1 job" : open + " jobs",
          open == 0 ? "" : "; the next start goes on with them, nothing is sent twice");
    } catch (LedgerException e) {
      LOG.warn("stopped; the ledger did not answer any more: {}", e.getMessage());
    }
  }
}
