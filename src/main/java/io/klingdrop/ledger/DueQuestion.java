package io.klingdrop.ledger;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the ledger, in one statement for all stages, for which kinds of work something is due: most
 * of the time there is nothing, and a claim of each stage would cost a transaction that writes.
 * Leases are not looked at. Thread-safe.
 */
public final class DueQuestion {
  private static final Logger LOG = LoggerFactory.getLogger(DueQuestion.class);

  /** Where something is due, as a condition in which {@code ?} is the moment. */
  private static final Map<String, String> DUE = new LinkedHashMap<>();

  static {
    DUE.put("check", state("CLAIMED"));
    // a closed lane is probed, and a job that waits for money looked at, when ready jobs are
    // claimed
    DUE.put(
        "submit",
        state("READY")
            + " union all select 1 from job where held is not null and state = 'READY'"
            + " union all select 1 from lane");
    // and what a node has left in the middle of the paid step
    DUE.put(
        "lookup",
        "select 1 from job where (state = 'SUBMIT_UNKNOWN' and lookup = 1 and due_at <= ?)"
            + " or (state = 'SUBMITTING' and lease_until < ?)");
    DUE.put("poll", state("RUNNING"));
    DUE.put("fetch", state("GENERATED"));
    DUE.put("targets", state("FETCHED"));
    // one that waits after a refusal is excused, before its time, while the outbox is not mounted
    DUE.put("outbox", shipment("file", "(due_at <= ? or trouble_since is not null)"));
    DUE.put("bucket", shipment("s3", "due_at <= ?"));
    DUE.put("archive", unfiled("DELIVERED"));
    DUE.put("failure", unfiled("FAILED", "SUBMIT_UNKNOWN", "CANCELLED", "DUPLICATE"));
    DUE.put("messages", outcome(OutcomeRow.Way.CHANNEL));
    DUE.put("notices", outcome(OutcomeRow.Way.WEBHOOK));
  }

  private static final String QUESTION =
      DUE.entrySet().stream()
          .map(one -> "select '%s' where exists (%s)".formatted(one.getKey(), one.getValue()))
          .collect(Collectors.joining(" union all "));

  private final Database database;
  private final InstantSource clock;

  public DueQuestion(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** For what nothing is due now; if the database does not say, each stage looks for itself. */
  public DueWork ask() {
    try {
      var now = new Object[(int) QUESTION.chars().filter(mark -> mark == '?').count()];
      Arrays.fill(now, clock.millis());
      var idle = new HashSet<>(DUE.keySet());
      database.query(row -> row.getString(1), QUESTION, now).forEach(idle::remove);
      return new DueWork(idle);
    } catch (LedgerException e) {
      LOG.debug("every stage looks for itself, and tells", e);
      return new DueWork(Set.of());
    }
  }

  private static String state(String state) {
    return "select 1 from job where state = '%s' and due_at <= ?".formatted(state);
  }

  private static String unfiled(String... states) {
    return "select 1 from job where %s and due_at <= ?"
        .formatted(JobClaims.unfiled("'" + String.join("','", states) + "'"));
  }

  private static String shipment(String target, String due) {
    return ("select 1 from shipment where target = '%s' and arrived_at is null and given_up = 0"
            + " and %s")
        .formatted(target, due);
  }

  private static String outcome(OutcomeRow.Way way) {
    return "select 1 from outcome where way = '%s' and released = 1 and due_at <= ?".formatted(way);
  }
}
