package io.klingdrop.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.kie.KieHttpClients;
import io.klingdrop.provider.kie.KieProvider;
import io.klingdrop.provider.kie.KieRoutes;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;

/** Looks at everything a run needs, without taking a file, a lock or a credit. Used once. */
public final class Checkup {
  private static final long LITTLE_SPACE = 1_000_000_000L;
  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  private final Settings settings;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * One line of the check-up.
   *
   * @param mark {@code ok}, {@code note} or {@code FAULT}
   */
  public record Finding(String mark, String what, String said) {}

  /** A check-up of these settings. */
  public Checkup(Settings settings) {
    this.settings = settings;
  }

  /** All findings, in the order a person would look. */
  public List<Finding> run() {
    settings.warnings().forEach(warning -> add("note", "settings", warning));
    folders();
    disk();
    catalogue();
    database();
    clock();
    key();
    return List.copyOf(findings);
  }

  private void folders() {
    var problems = FolderCheck.prepare(settings.folders());
    problems.forEach(problem -> add("FAULT", "folders", problem));
    if (problems.isEmpty()) {
      add("ok", "folders", "inbox " + settings.folders().inbox());
    }
  }

  private void disk() {
    try {
      var free = Files.getFileStore(settings.folders().data()).getUsableSpace();
      add(
          free < LITTLE_SPACE ? "note" : "ok",
          "disk",
          Units.text(free) + " free for " + settings.folders().data());
    } catch (IOException e) {
      add("FAULT", "disk", "cannot be measured: " + e.getMessage());
    }
  }

  private void catalogue() {
    try {
      var catalogue = Klingdrop.catalogue(settings);
      var problems = catalogue.checkProfiles();
      problems.forEach(problem -> add("FAULT", "profiles", problem));
      if (problems.isEmpty()) {
        add(
            "ok",
            "profiles",
            String.join(", ", catalogue.profiles().stream().map(p -> p.name()).sorted().toList()));
      }
    } catch (StartException e) {
      add("FAULT", "profiles", String.valueOf(e.getMessage()));
    }
  }

  private void database() {
    var db = settings.database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      add("ok", "database", db.url() + ", " + new Books(database).open() + " jobs open");
    } catch (LedgerException e) {
      add("FAULT", "database", String.valueOf(e.getMessage()));
    }
  }

  private void clock() {
    var now = Instant.now();
    if (now.isBefore(BUILT)) {
      add("FAULT", "clock", "it says " + now + ", which cannot be");
    } else {
      add("ok", "clock", now.toString());
    }
  }

  private void key() {
    if (settings.kie().apiKey().isEmpty()) {
      add("note", "kie", "no key: set KIE_API_KEY or klingdrop.provider.kie.api-key");
      return;
    }
    try (var camel = new DefaultCamelContext()) {
      var mapper = new ObjectMapper();
      var kie = settings.kie();
      camel.getRegistry().bind(KieRoutes.CREATE_CLIENT, KieHttpClients.forCreate(kie));
      camel.getRegistry().bind(KieRoutes.ASKING_CLIENT, KieHttpClients.forAsking(kie));
      camel.getRegistry().bind(KieRoutes.UPLOAD_CLIENT, KieHttpClients.forUploads(kie));
      camel.addRoutes(new KieRoutes(kie, mapper));
      camel.start();
      var provider =
          new KieProvider(
              camel::createProducerTemplate,
              kie,
              ErrorTable.load(settings.workingFolder().resolve("config"), "kie"),
              mapper,
              InstantSource.system());
      add("ok", "kie", provider.credit().toPlainString() + " credits left");
    } catch (ProviderException e) {
      add("FAULT", "kie", kieFault(e));
    } catch (Exception e) {
      add("FAULT", "kie", "cannot be asked: " + e.getMessage());
    }
  }

  private String kieFault(ProviderException e) {
    return switch (e.refusal().meaning()) {
      case KEY -> "the key is refused: " + e.getMessage();
      case CREDIT -> "no credit: " + e.getMessage();
      default -> settings.kie().baseUrl() + " does not answer the credit call: " + e.getMessage();
    };
  }

  private void add(String mark, String what, String said) {
    findings.add(new Finding(mark, what, said));
  }
}
