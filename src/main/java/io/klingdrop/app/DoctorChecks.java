package io.klingdrop.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.deliver.Targets;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.NameCoding;
import io.klingdrop.files.ShareLimits;
import io.klingdrop.health.FolderCheck;
import io.klingdrop.http.HttpPort;
import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.Units;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.node.NodeHome;
import io.klingdrop.process.DataLock;
import io.klingdrop.process.KeyFiles;
import io.klingdrop.process.StartException;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Tally;
import io.klingdrop.s3.Store;
import io.klingdrop.s3.StoreException;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.SteadyTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Looks at everything a run needs: takes no file and no credit, and makes no folder. Used once. */
public final class DoctorChecks {
  private static final String SQLITE = "jdbc:sqlite:";

  /** Clocks of machines that follow a time server differ by less. */
  private static final Duration APART = Duration.ofSeconds(2);

  private static final long LITTLE_SPACE = 1_000_000_000L;
  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  private final Settings settings;
  private final List<Finding> findings = new ArrayList<>();

  /** One line of the check-up; the mark is {@code ok}, {@code note} or {@code FAULT}. */
  public record Finding(String mark, String what, String said) {}

  public DoctorChecks(Settings settings) {
    this.settings = settings;
  }

  /** All findings, in the order a person would look. */
  public List<Finding> run() {
    var strange = StartChecks.strangers(settings);
    strange.forEach(problem -> fault("owners", problem));
    if (!strange.isEmpty()) {
      // they may name the address that a key would be sent to
      return List.copyOf(findings);
    }
    settings.warnings().forEach(warning -> note("settings", warning));
    folders();
    NameCoding.fault().ifPresent(fault -> fault("file names", fault));
    InboxPlan.hindrances(settings).forEach(line -> note("inbox", line));
    KeyFiles.openToOthers(settings.workingFolder(), System.getenv())
        .forEach(said -> note("keys", said));
    disk();
    catalogue();
    routes();
    service();
    database();
    clock();
    proxies();
    bucket();
    keys();
    return List.copyOf(findings);
  }

  private void folders() {
    var problems = FolderCheck.look(settings.folders());
    problems.forEach(problem -> fault("folders", problem));
    if (problems.isEmpty()) {
      ok("folders", "inbox " + settings.folders().inbox());
      var missing = FolderCheck.trees(settings).stream().filter(f -> !Files.exists(f));
      missing.forEach(folder -> note("folders", folder + " is made by the first run"));
      FolderCheck.trees(settings).stream().filter(Files::exists).forEach(this::mount);
    }
  }

  /** What the disk or share of a folder cannot do; the service goes on without. */
  private void mount(Path folder) {
    try {
      var limits = ShareLimits.of(folder);
      if (!limits.isEmpty()) {
        note("folders", folder + ": its share " + String.join("; ", limits));
      }
      if (settings.database().shared() && !ShareLimits.linksFiles(folder)) {
        note("folders", folder + ": its share knows no hard links; see docs/cluster.md");
      }
    } catch (IOException e) {
      fault("folders", folder + ": files cannot be written durably: " + e.getMessage());
    }
  }

  private void disk() {
    disk(settings.folders().data());
    if (!settings.folders().workInData()) {
      disk(settings.folders().work());
    }
  }

  private void disk(Path folder) {
    try {
      var free = Files.getFileStore(Grounds.existing(folder)).getUsableSpace();
      var mark = room(free, settings.submit().minFree());
      add(mark, "disk", Units.text(free) + " free for " + folder);
    } catch (IOException e) {
      fault("disk", "cannot be measured: " + e.getMessage());
    }
  }

  /** The mark for so many free bytes, of which the least must be free. */
  static String room(long free, long least) {
    return free < least ? "FAULT" : free < LITTLE_SPACE ? "note" : "ok";
  }

  private void proxies() {
    var proxy = settings.proxy();
    if (proxy.https() != null) {
      ok("proxy", "https calls leave through " + proxy.https());
    }
    if (proxy.http() != null) {
      ok("proxy", "http calls leave through " + proxy.http());
    }
  }

  private void routes() {
    var check = new RoutesCheck(settings, CamelSetup.routesFolder(settings));
    var problems = check.problems();
    problems.forEach(problem -> fault("routes", problem));
    if (problems.isEmpty()) {
      ok("routes", check.source());
    }
    Changed.of(settings.workingFolder()).forEach(said -> note("shipped", said));
  }

  /** A service that runs here has the port; otherwise another program has it. */
  private void service() {
    try {
      if (DataLock.held(settings.folders().data())) {
        note("service", "klingdrop runs on " + settings.folders().data());
        return;
      }
    } catch (IOException e) {
      fault("service", "the lock in the data folder cannot be looked at: " + e.getMessage());
    }
    if (!settings.http().on()) {
      return;
    }
    try {
      HttpPort.requireFree(settings);
      ok("port", settings.http().port() + " is free");
    } catch (IOException e) {
      note("port", String.valueOf(e.getMessage()));
    }
  }

  private void catalogue() {
    try {
      var catalogue = StartChecks.catalogue(settings);
      var problems = new ArrayList<>(catalogue.checkProfiles());
      problems.addAll(new Targets(catalogue, settings).problems());
      problems.forEach(problem -> fault("profiles", problem));
      if (problems.isEmpty()) {
        var names = catalogue.profiles().stream().map(Profile::name).sorted().toList();
        ok("profiles", String.join(", ", names));
      }
    } catch (StartException e) {
      fault("profiles", String.valueOf(e.getMessage()));
    }
  }

  private void database() {
    var db = settings.database();
    var file = db.url().startsWith(SQLITE) ? db.url().substring(SQLITE.length()) : "";
    if (!file.isEmpty() && !Files.exists(Path.of(file.replaceFirst("\\?.*$", "")))) {
      ok("database", "there is no ledger yet; the first run makes " + Database.plain(db.url()));
      return;
    }
    try (var database = Database.open(db.url(), db.user(), db.password(), db.migrate())) {
      var open = new JobQueries(database).counts().open();
      ok("database", Database.plain(db.url()) + ", " + open + " jobs open");
      var node = database.shared() ? ownName() : NodeId.of(settings.folders().data()).text();
      nodes(database, node);
      var grounds = FolderCheck.grounds(database, settings, node, InstantSource.system());
      for (var folder : FolderCheck.trees(settings)) {
        grounds.fault(folder).ifPresent(said -> fault("folders", said));
      }
    } catch (LedgerException e) {
      fault("database", String.valueOf(e.getMessage()));
    }
  }

  /** The name of this node; empty if the first run is to make one. */
  private String ownName() {
    try {
      return NodeHome.name(settings.node().name(), settings.folders().data()).orElse("");
    } catch (IOException e) {
      fault("node", "the node's id cannot be read: " + e.getMessage());
      return "";
    }
  }

  /** This node and the others at a database that several may share. */
  private void nodes(Database database, String own) {
    if (!database.shared()) {
      return;
    }
    var rows = new NodeRows(database, InstantSource.system());
    var before = Instant.now();
    var ahead = Duration.between(before, rows.now());
    add(
        ahead.abs().compareTo(APART) > 0 ? "note" : "ok",
        "clock",
        "the database's clock is %d ms %s this machine's; it is corrected"
            .formatted(ahead.abs().toMillis(), ahead.isNegative() ? "behind" : "ahead of"));
    ok(
        "node",
        own.isEmpty() ? "the first run makes a name for this one" : "this one is called " + own);
    for (var node : rows.all()) {
      if (node.alive() && !node.name().equals(own)) {
        ok(
            "node",
            "%s is %s, version %s, owns %s"
                .formatted(
                    node.name(),
                    node.word(),
                    node.version(),
                    node.lanes().isEmpty() ? "no account" : String.join(", ", node.lanes())));
      }
    }
  }

  private void clock() {
    var now = Instant.now();
    if (now.isBefore(BUILT)) {
      fault("clock", "it says " + now + ", which cannot be");
    } else {
      ok("clock", now.toString());
    }
  }

  /** Puts a small object into the bucket and removes it, if there is a bucket. */
  private void bucket() {
    if (!settings.s3().usable()) {
      return;
    }
    try (var store = new Store(settings.s3(), settings.proxy(), settings.folders().data())) {
      ok("s3", store.probe());
    } catch (StoreException e) {
      fault("s3", String.valueOf(e.getMessage()));
    }
  }

  /** Asks every account that is set up; the others are only named if a default needs them. */
  private void keys() {
    if (settings.providers().stream().noneMatch(ProviderSettings::usable)) {
      fault("accounts", "no account can be used: " + settings.kie().missing());
      return;
    }
    if (!settings.kie().usable()) {
      note("kie", settings.kie().missing());
    }
    try (var camel = new DefaultCamelContext()) {
      var routes = new ArrayList<RouteBuilder>();
      var providers =
          new ProviderFactory(
                  settings,
                  StartChecks.catalogue(settings),
                  new ObjectMapper(),
                  SteadyTime.ofThisMachine(),
                  camel::createProducerTemplate,
                  camel.getRegistry()::bind,
                  routes::add,
                  new Tally())
              .connect();
      for (var builder : routes) {
        camel.addRoutes(builder);
      }
      camel.start();
      settings.providers().stream()
          .filter(ProviderSettings::usable)
          .forEach(account -> key(account, providers.account(account.name()).gateway()));
    } catch (Exception e) {
      fault("accounts", "cannot be asked: " + e.getMessage());
    }
  }

  private void key(ProviderSettings account, Provider gateway) {
    try {
      var left = gateway.credit().map(credit -> credit.toPlainString() + " credits left");
      ok(account.name(), left.orElse("the key works"));
    } catch (ProviderException e) {
      var mark = e.refusal().meaning() == Meaning.NO_WORD ? "note" : "FAULT";
      add(mark, account.name(), said(account, e));
    }
  }

  private static String said(ProviderSettings account, ProviderException e) {
    return switch (e.refusal().meaning()) {
      case KEY -> "the key is refused: " + e.getMessage();
      case CREDIT -> "no credit: " + e.getMessage();
      case NO_WORD -> account.baseUrl() + " has no free call that tests the key";
      default -> account.baseUrl() + " does not answer the free call: " + e.getMessage();
    };
  }

  private void ok(String what, String said) {
    add("ok", what, said);
  }

  private void note(String what, String said) {
    add("note", what, said);
  }

  private void fault(String what, String said) {
    add("FAULT", what, said);
  }

  private void add(String mark, String what, String said) {
    findings.add(new Finding(mark, what, said));
  }
}
