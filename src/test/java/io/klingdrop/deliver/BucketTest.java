package io.klingdrop.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.ResultFile;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.s3.Store;
import io.klingdrop.s3.StoreException;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.stage.StageContext;
import io.klingdrop.testing.SettableTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of keys that others take while a job is on its way to them. */
class BucketTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String KEY = "/studio/avatar/host";

  @TempDir private Path folder;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  /** The part of a path from which on it is taken after the first question. */
  private volatile String taken = "";

  private HttpServer server;
  private Database database;
  private Store store;
  private Receipts receipts;
  private Bucket bucket;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    receipts = new Receipts(database, () -> NOW);
    var place = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var keys = new S3Settings.Keys("access", "secret");
    var settings =
        new S3Settings(
            "studio",
            "",
            "us-east-1",
            place,
            true,
            keys,
            "{prefix}{profile}/{path}{name}",
            5 << 20);
    store = new Store(settings, ProxySettings.NONE, folder.resolve("data"));
    bucket =
        new Bucket(
            store,
            new StageContext(
                SettingsReader.load(folder, Map.of(), Map.of()),
                null,
                database,
                null,
                null,
                null,
                null,
                new JobQueries(database),
                receipts,
                null,
                null,
                null,
                null,
                null,
                SettableTime.standing(NOW)),
            null);
  }

  @AfterEach
  void close() {
    store.close();
    database.close();
    server.stop(0);
  }

  /** Somebody else's object comes to a taken key once it was asked for. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      exchange.getRequestBody().readAllBytes();
      var there = path.equals(taken) && !asked.add(path);
      if (exchange.getRequestMethod().equals("PUT")) {
        exchange.sendResponseHeaders(there ? 412 : 200, -1);
      } else {
        exchange.getResponseHeaders().set("Content-Length", "9");
        exchange.sendResponseHeaders(there ? 200 : 404, -1);
      }
    }
  }

  private Shipment fetched() {
    var ledger = new Ledger(database, () -> NOW);
    var jobs = new NewJobs(database, () -> NOW);
    var fresh =
        Job.claimed(
            JobId.make(NOW),
            new Job.Origin("avatar", "", "host"),
            new Job.Goal("kie", "model"),
            folder.toString(),
            NOW,
            List.of());
    var job =
        jobs.checked(jobs.claimed(fresh, List.of(), null), "{}", "key", null, null, List.of());
    job = new SpendingGate(database, () -> NOW).submitting(job, BudgetCaps.NONE);
    job = ledger.generated(ledger.accepted(job, "task", NOW), List.of("https://x/1"), null);
    var result = new ResultFile(1, "https://x/1", "1", "hash", 4, ".mp4", null);
    return new Shipment(ledger.fetched(job, List.of(result)), "s3", 0, null, null, 1);
  }

  @Test
  void anObjectThatAppearsOnceItsKeyIsChosenIsNotTakenForOurs() {
    taken = KEY + ".mp4";
    var shipment = fetched();

    assertThat(bucket.parcels(shipment))
        .extracting(ObjectParcel::key)
        .containsExactly("avatar/host.mp4");
    assertThat(receipts.locations(shipment.job().id())).isEmpty();

    bucket.release(shipment.job());
    assertThat(bucket.parcels(shipment))
        .extracting(ObjectParcel::key)
        .containsExactly("avatar/host~2.mp4");
  }

  @Test
  void aNoteThatAppearsOnceItsKeyIsChosenIsNotTakenForOurs() {
    taken = KEY + ".json";
    var shipment = fetched();

    assertThatThrownBy(() -> bucket.note(shipment))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.trouble()).isEqualTo(StoreException.Trouble.TAKEN));
  }
}
