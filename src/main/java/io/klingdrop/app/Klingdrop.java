package io.klingdrop.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.camel.JobErrors;
import io.klingdrop.camel.JobHeaders;
import io.klingdrop.camel.JobMdc;
import io.klingdrop.camel.LeaseReturn;
import io.klingdrop.camel.LedgerComponent;
import io.klingdrop.camel.MemoryInRoutes;
import io.klingdrop.camel.OutcomeErrors;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.CatalogueException;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.deliver.DeliverStage;
import io.klingdrop.deliver.Targets;
import io.klingdrop.failure.Filing;
import io.klingdrop.fetch.FetchStage;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.NameCoding;
import io.klingdrop.files.Names;
import io.klingdrop.files.Sweep;
import io.klingdrop.health.Backlogs;
import io.klingdrop.health.FolderCheck;
import io.klingdrop.health.HealthMonitor;
import io.klingdrop.health.Room;
import io.klingdrop.http.HttpModule;
import io.klingdrop.http.HttpPort;
import io.klingdrop.http.Views;
import io.klingdrop.intake.EntranceRoutes;
import io.klingdrop.intake.Inbox;
import io.klingdrop.intake.IntakeStage;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.AheadOfTime;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.EndedJobs;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobPages;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.LedgerFigures;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.outcomes.OutcomesStage;
import io.klingdrop.poll.PollStage;
import io.klingdrop.process.ComponentJars;
import io.klingdrop.process.DataLock;
import io.klingdrop.process.ProcessAge;
import io.klingdrop.process.StartException;
import io.klingdrop.process.SteeringFolders;
import io.klingdrop.process.Tracing;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.redrive.Pauses;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.stage.StageContext;
import io.klingdrop.submit.SubmitStage;
import io.klingdrop.time.SteadyTime;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: takes the lock, opens the ledger, settles what a crash left behind, then
 * starts Camel with the routes of the working folder or of the jar. Used once.
 */
public final class Klingdrop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Klingdrop.class);

  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(5);

  private final Settings settings;
  private final Main camel = new Main();
  private final LedgerComponent work = new LedgerComponent();
  private final Time clock;
  private final DataLock lock;
  private final Catalogue catalogue;
  private final Database database;
  private final JobQueries queries;
  private final Instant started;
  private final IntakeStage intake;
  private final SubmitStage submit;
  private final FetchStage fetch;
  private final OutcomesStage outcomes;
  private final Store store;
  private final Lanes lanes;
  private final LeaseReturn giveBack;
  private final HealthMonitor watch;
  private final @Nullable HttpModule http;

  /**
   * Prepares the service; nothing is read from the inbox or sent yet.
   *
   * @throws StartException if folders, catalogue, error tables or the data folder are at fault
   * @throws io.klingdrop.ledger.LedgerException if the database cannot be opened
   */
  public Klingdrop(Settings settings) {
    this(settings, SteadyTime.ofThisMachine());
  }

  /** The same by another time than that of this machine. */
  public Klingdrop(Settings settings, Time time) {
    this.settings = settings;
    clock = time;
    started = clock.instant();
    clock.onLeap(this::beatAnew);
    var strange =
        SteeringFolders.problems(
            settings.workingFolder(), settings.values().getOrDefault(SteeringFolders.KEY, ""));
    if (!strange.isEmpty()) {
      throw new StartException(String.join("\n", strange));
    }
    var problems = FolderCheck.prepare(settings.folders());
    if (!problems.isEmpty()) {
      throw new StartException(String.join("\n", problems));
    }
    lock = DataLock.take(settings.folders().data());
    var reachable = hasPort();
    catalogue = catalogue(settings);
    var targets = new Targets(catalogue, settings);
    if (!targets.problems().isEmpty()) {
      throw new StartException(String.join("\n", targets.problems()));
    }
    store = new Store(settings.s3(), settings.proxy(), settings.folders().data());
    var db = settings.database();
    database = Database.open(db.url(), db.user(), db.password());
    var grounds = FolderCheck.grounds(database, clock);
    arrive(grounds);
    var ledger = new Ledger(database, clock);
    var node = NodeId.of(settings.folders().data());
    var claims = new JobClaims(database, node, clock);
    queries = new JobQueries(database);
    var receipts = new Receipts(database, clock);
    var mapper = new ObjectMapper();
    CamelSetup.prepare(camel, settings);
    var gateways =
        new ProviderFactory(
            settings,
            catalogue,
            mapper,
            clock,
            this::wire,
            camel::bind,
            camel.configure()::addRoutesBuilder);
    var providers = gateways.connect();
    var laneRows = new LaneRows(database);
    lanes = new Lanes(laneRows, settings.lane(), clock);
    var callbackRows = new CallbackRows(database);
    var callbacks = new Callbacks(callbackRows, settings.callback().publicUrl(), clock);
    var context =
        new StageContext(
            settings, catalogue, database, node, ledger, claims, queries, receipts, grounds,
            providers, lanes, callbacks, mapper, clock);
    var breaker = new BucketBreaker(clock);
    var room = room(targets);
    var shipments = new Shipments(database, node, clock);
    giveBack = new LeaseReturn(claims, queries, shipments, clock);
    intake = IntakeStage.of(context);
    var poll = PollStage.of(context);
    submit = SubmitStage.of(context, store, breaker, poll.polls()::firstLook, room::lack);
    fetch = FetchStage.of(context);
    outcomes = OutcomesStage.of(context, this::wire);
    intake.bindTo(camel::bind);
    submit.bindTo(camel::bind);
    poll.bindTo(camel::bind);
    fetch.bindTo(camel::bind);
    DeliverStage.of(context, targets, shipments, store, breaker).bindTo(camel::bind);
    camel.bind("filing", new Filing(ledger, claims, queries, settings.folders(), grounds, clock));
    outcomes.bindTo(camel::bind);
    bindStore();
    camel.bind("jobHeaders", new JobHeaders());
    camel.bind("leases", giveBack);
    camel.bind(LedgerComponent.SCHEME, work);
    camel.configure().addRoutesBuilder(new JobErrors(giveBack));
    camel.configure().addRoutesBuilder(new OutcomeErrors(outcomes.messages()::later));
    camel.configure().addRoutesBuilder(new EntranceRoutes(intake.entrance()));
    makeProfileFolders(catalogue);
    watch =
        new HealthMonitor(
            settings,
            queries,
            lanes,
            grounds,
            scanner(intake.inbox()),
            new Backlogs(shipments, outcomes.rows(), clock)::said,
            room,
            clock);
    camel.bind("watch", watch);
    callbacks.onSilence(account -> hasten(callbackRows, account));
    if (reachable) {
      // what the port is asked keeps no stage from the ledger, and a search no other question
      var asked = database.reader();
      http =
          new HttpModule(
              settings,
              new Views(
                  watch::seen,
                  watch::life,
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
                  gateways.tally(),
                  new OutcomeRows(asked, clock),
                  new EndedJobs(asked),
                  new Doorway(intake.entrance()),
                  poll.polls()::usual),
              callback -> wire().requestBody("direct:callback-take", callback) instanceof JobState,
              mapper,
              clock);
      camel.configure().addRoutesBuilder(http.port().routes());
    } else {
      http = null;
    }
  }

  /**
   * Whether there is to be an HTTP port; asked before anything is opened that a second program
   * would get in the way of. The usual port is given up if somebody else has it, unless callbacks
   * are to come in there: several studios on one machine need no setting each.
   *
   * @throws StartException if a port that somebody asked for cannot be had
   */
  private boolean hasPort() {
    if (!settings.http().on()) {
      return false;
    }
    try {
      HttpPort.requireFree(settings);
      return true;
    } catch (IOException e) {
      if (settings.http().usual() && !settings.callback().on()) {
        LOG.warn("{} It goes on without: no API, no health, no metrics.", e.getMessage());
        return false;
      }
      closeQuietly(lock);
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Takes the folders into use.
   *
   * @throws StartException if one of them is not the folder that was used before
   */
  private void arrive(Grounds grounds) {
    var faults = grounds.arrive(FolderCheck.trees(settings.folders()));
    if (!faults.isEmpty()) {
      database.close();
      closeQuietly(lock);
      throw new StartException(String.join("\n", faults));
    }
  }

  /** The room of the folders a finished video passes through. */
  private Room room(Targets targets) {
    var folders = new LinkedHashMap<String, Path>();
    folders.put("data", settings.folders().data());
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

  /**
   * Reads the catalogue of a working folder.
   *
   * @throws StartException with every fault of models and profiles
   */
  public static Catalogue catalogue(Settings settings) {
    var config = settings.workingFolder().resolve("config");
    try {
      return Catalogue.load(Files.isDirectory(config) ? List.of(config) : List.of());
    } catch (CatalogueException e) {
      throw new StartException(String.join("\n", e.problems()));
    }
  }

  private ProducerTemplate wire() {
    try {
      return camel.getCamelTemplate();
    } catch (Exception e) {
      throw new IllegalStateException("Camel is not running", e);
    }
  }

  /** Camel asks for the client when a job goes to the bucket; only then the SDK is loaded. */
  private void bindStore() {
    camel.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeInitialize(BaseMainSupport main) {
            main.getCamelContext()
                .getRegistry()
                .bind("s3Client", Object.class, (Supplier<Object>) store::client);
          }
        });
  }

  private void makeProfileFolders(Catalogue catalogue) {
    for (var name : catalogue.profiles().stream().map(Profile::name).toList()) {
      try {
        Files.createDirectories(settings.folders().inbox().resolve(Names.safe(name)));
      } catch (IOException e) {
        LOG.warn("the inbox folder of profile {} cannot be made: {}", name, e.getMessage());
      }
    }
  }

  private static HealthMonitor.Scanner scanner(Inbox inbox) {
    return new HealthMonitor.Scanner() {
      @Override
      public Optional<Instant> lastScan() {
        return inbox.lastScan();
      }

      @Override
      public Optional<String> trouble() {
        return inbox.trouble();
      }

      @Override
      public Optional<Instant> untakenSince() {
        return inbox.untakenSince();
      }

      @Override
      public List<String> hindrances() {
        return inbox.hindrances();
      }
    };
  }

  /** What lies complete in the inbox and cannot be taken until a person mends it. */
  public List<String> hindrances() {
    return intake.inbox().hindrances();
  }

  /** What the ledger can be asked while the service runs. */
  public JobQueries queries() {
    return queries;
  }

  /**
   * Adds routes of a program that has klingdrop inside, before it runs: they may call {@code
   * direct:klingdrop.submit} and use the templates {@code klingdrop-inbox} and {@code
   * klingdrop-submit}.
   */
  public void add(RoutesBuilder routes) {
    camel.configure().addRoutesBuilder(routes);
  }

  /**
   * Runs until stopped.
   *
   * @param exitWhenIdle stop by itself once nothing is left to do
   * @return how many jobs of this run failed or have no known answer
   */
  public long run(boolean exitWhenIdle) throws Exception {
    settings.warnings().forEach(LOG::warn);
    NameCoding.fault().ifPresent(fault -> LOG.warn("file names: {}", fault));
    BudgetCaps.of(settings, catalogue).blindSpot(catalogue).ifPresent(LOG::warn);
    usualAccount()
        .filter(account -> !account.usable())
        .ifPresent(
            account -> lanes.close(account.name(), "", Refusal.of(Meaning.KEY, account.missing())));
    var sweep = new Thread(this::sweep, "sweep");
    sweep.setDaemon(true);
    sweep.start();
    var ahead = new AheadOfTime(database).mend(clock.instant());
    if (!ahead.isZero()) {
      LOG.warn(
          "the ledger was written by a clock that was {} s ahead: what waited for a time is looked"
              + " at now. Nothing is paid twice by that.",
          ahead.toSeconds());
    }
    intake.claims().recover();
    intake.entrance().recover();
    submit.submissions().recover();
    giveBack.start();
    try (var idle = new IdleWatch(intake.inbox(), queries, outcomes.rows(), clock);
        var sources = new SourceRoutes(clock)) {
      camel.addMainListener(
          new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
              Consumer<String> tracing = job -> {};
              if (settings.tracing().on()) {
                var api = Tracing.api();
                api.into(main.getCamelContext().getRegistry());
                tracing = api::about;
              }
              main.getCamelContext()
                  .getCamelContextExtension()
                  .addInterceptStrategy(new MemoryInRoutes());
              main.getCamelContext()
                  .getCamelContextExtension()
                  .addInterceptStrategy(new JobMdc(tracing));
              try {
                ComponentJars.join(main.getCamelContext());
              } catch (Exception e) {
                throw new StartException("a jar in lib/ does not fit: " + e);
              }
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
              openPort();
            }

            @Override
            public void beforeStart(BaseMainSupport main) {
              var problems = outcomes.channels().problems(main.getCamelContext());
              if (!problems.isEmpty()) {
                throw new StartException(String.join("\n", problems));
              }
              sources.hold(main.getCamelContext());
            }

            @Override
            public void beforeStop(BaseMainSupport main) {
              LOG.info("stopping: nothing new begins, calls under way are finished");
              Heartbeats.stop(main.getCamelContext(), clock);
            }

            @Override
            public void afterStart(BaseMainSupport main) {
              started(exitWhenIdle ? idle : null);
              sources.start(main.getCamelContext());
            }
          });
      camel.run();
    }
    sweep.join(LONGEST_SWEEP.toMillis());
    var held = queries.counts().held();
    if (held > 0) {
      LOG.warn(Invocation.in("{} jobs wait for money of another day. See: klingdrop status"), held);
    }
    queries
        .counts()
        .paused()
        .forEach(
            (provider, jobs) ->
                LOG.warn(
                    Invocation.in("{} on the paused lane {}. To let jobs go: klingdrop resume {}"),
                    jobs == 1 ? "1 job waits" : jobs + " jobs wait",
                    provider,
                    provider));
    return queries.counts().failedSince(started);
  }

  /** What crashes left half-written; large trees take a while, and nobody waits for it. */
  private void sweep() {
    var folders = settings.folders();
    var removed =
        Sweep.of(
            List.of(
                folders.inbox(),
                folders.work(),
                folders.outbox(),
                folders.failed(),
                folders.duplicates(),
                folders.archive()),
            started);
    if (removed > 0) {
      LOG.info("{} half-written files of an earlier run were removed", removed);
    }
  }

  /** Quartz counts by the clock of the machine: its next beats would wait for another time. */
  private void beatAnew() {
    var context = camel.getCamelContext();
    if (context != null && context.getStatus().isStarted()) {
      var restart =
          new Thread(
              () ->
                  Heartbeats.restart(
                      context.getComponent("quartz", QuartzComponent.class).getScheduler()),
              "heartbeats");
      restart.setDaemon(true);
      restart.start();
    }
  }

  /** Tasks whose end nobody told are looked at now; an empty name is every account. */
  private void hasten(CallbackRows rows, String account) {
    var now = clock.instant();
    settings.providers().stream()
        .map(ProviderSettings::name)
        .filter(name -> account.isEmpty() || name.equals(account))
        .forEach(name -> rows.hasten(name, now.minus(settings.poll().first()), now));
  }

  private void openPort() {
    try {
      if (http != null) {
        http.port().addTo(camel.getCamelContext());
      }
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP port cannot be opened", e);
    }
  }

  private void started(@Nullable IdleWatch idle) {
    watch.start();
    if (http != null) {
      http.open();
      http.port()
          .addressWithToken()
          .ifPresent(address -> LOG.info("the operator's page, for you only: {}", address));
    }
    StartLines.of(settings, queries, BudgetCaps.of(settings, catalogue), http != null)
        .forEach(LOG::info);
    LOG.info("klingdrop ready in {} ms", ProcessAge.now().toMillis());
    if (idle != null) {
      idle.start(camel::completed);
    }
  }

  /** The account of the default profile: that it cannot be used is told at start. */
  private Optional<ProviderSettings> usualAccount() {
    return catalogue
        .profile(settings.inbox().defaultProfile())
        .flatMap(
            profile ->
                settings.providers().stream()
                    .filter(account -> account.name().equals(profile.provider()))
                    .findFirst());
  }

  /** Asks a running service to stop gracefully; {@link #run} then returns. */
  public void stop() {
    camel.completed();
  }

  @Override
  public void close() throws IOException {
    if (http != null) {
      http.close();
    }
    camel.stop();
    watch.close();
    giveBack.close();
    fetch.close();
    store.close();
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
