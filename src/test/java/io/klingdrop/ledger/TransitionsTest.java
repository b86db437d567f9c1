package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every method that moves a job, called for a job in every state, against the table of moves. */
class TransitionsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final Failure FREE =
      new Failure(FailureClass.GENERATION, "501", "no luck", 200, Charged.NO);

  private final Database database = Database.open("jdbc:sqlite::memory:", "", "");
  private final Ledger ledger = new Ledger(database, () -> NOW);
  private final NewJobs newJobs = new NewJobs(database, () -> NOW);
  private final SpendingGate gate = new SpendingGate(database, () -> NOW);
  private final Shipments shipments =
      new Shipments(database, Holder.alone(new NodeId("me")), () -> NOW);
  private final JobQueries queries = new JobQueries(database);
  private int made;

  @AfterEach
  void close() {
    database.close();
  }

  /** What each method does with a job, and along which moves; none: it stays in its state. */
  private Map<String, Row> rows() {
    var rows = new LinkedHashMap<String, Row>();
    rows.put(
        "checked",
        row(job -> newJobs.checked(job, "{}", job.id(), null, 8.0, List.of()), Move.CHECKED));
    rows.put(
        "checked twice",
        row(job -> newJobs.checked(job, "{}", "known", null, 8.0, List.of()), Move.SEEN_BEFORE));
    rows.put("submitting", row(job -> gate.submitting(job, BudgetCaps.NONE), Move.SUBMIT));
    rows.put("accepted", row(job -> ledger.accepted(job, "task", NOW), Move.ACCEPTED));
    rows.put("refused", row(job -> ledger.refused(job, "busy", NOW, true), Move.REFUSED));
    rows.put("submitUnknown", row(job -> ledger.submitUnknown(job, "reset", false), Move.LOST));
    rows.put(
        "submitUnknown, looked for",
        row(job -> ledger.submitUnknown(job, "reset", true), Move.LOST));
    rows.put("lookAgain", row(job -> ledger.lookAgain(job, NOW)));
    rows.put("found", row(job -> ledger.found(job, "task"), Move.FOUND));
    rows.put("neverCreated", row(job -> ledger.neverCreated(job, "none"), Move.NEVER_CREATED));
    rows.put("staysUnknown", row(job -> ledger.staysUnknown(job, "in vain")));
    rows.put("lookup", row(ledger::lookup));
    rows.put("running", row(job -> ledger.running(job, "waiting", NOW)));
    rows.put("generated", row(job -> ledger.generated(job, List.of("https://x"), 8.0), Move.MADE));
    rows.put("offered", row(job -> ledger.offered(job, List.of("https://x"))));
    rows.put("fetched", row(job -> ledger.fetched(job, List.of()), Move.FETCH));
    rows.put("delivered", row(ledger::delivered, Move.DELIVER));
    rows.put("open, to no target", row(job -> shipments.open(job, List.of(), NOW), Move.DELIVER));
    rows.put("failed", row(job -> ledger.failed(job, FREE), Move.FAIL));
    rows.put("ended", row(job -> ledger.ended(job, FREE, 0.0, 0), Move.NOT_MADE));
    rows.put(
        "ended, paid for again",
        row(job -> ledger.ended(job, FREE, 0.0, 1), Move.NOT_MADE, Move.RETRY));
    rows.put("cancelled", row(job -> ledger.cancelled(job, "by hand"), Move.CANCEL));
    rows.put("resubmitted", row(job -> ledger.resubmitted(job, "again"), Move.RESUBMIT));
    rows.put("rechecked", row(job -> ledger.rechecked(job, "again"), Move.RECHECK));
    rows.put("refetched", row(job -> ledger.refetched(job, "again"), Move.REFETCH));
    rows.put("redelivered", row(job -> ledger.redelivered(job, "again"), Move.REDELIVER));
    rows.put("attached", row(job -> ledger.attached(job, "task"), Move.FOUND));
    rows.put("broughtHome", row(job -> ledger.broughtHome(job, "task", NOW), Move.FOUND));
    rows.put("tryAgain", row(job -> ledger.tryAgain(job, "no connection", NOW)));
    rows.put("filed", row(job -> ledger.filed(job, "/failed/a")));
    return rows;
  }

  private record Row(Function<Job, Job> method, List<Move> moves) {
    /** The states a job goes through from that one, that one first. */
    List<JobState> way(JobState from) {
      var way = new ArrayList<>(List.of(from));
      for (var move : moves) {
        if (!move.mayBegin(way.get(way.size() - 1))) {
          return List.of(from);
        }
        way.add(move.to());
      }
      return way;
    }
  }

  private static Row row(Function<Job, Job> method, Move... moves) {
    return new Row(method, List.of(moves));
  }

  private Job in(JobState state) {
    var id = "job-" + made++;
    newJobs.claimed(
        Job.claimed(
            id,
            new Job.Origin("avatar", "", id),
            new Job.Goal("kie", "model"),
            "/home",
            NOW,
            List.of()),
        List.of(),
        null);
    database.transaction(
        tx -> tx.update("update job set state = ?, attempts = 1 where id = ?", state.name(), id));
    return queries.job(id).orElseThrow();
  }

  /** The states the job has been in, from the one it was put in, each move once. */
  private List<JobState> way(Job job, Function<Job, Job> method) {
    var before = queries.history().timeline(job.id()).size();
    var way = new ArrayList<>(List.of(job.state()));
    try {
      method.apply(job);
    } catch (LedgerException | IllegalStateException e) {
      assertThat(queries.job(job.id())).as(e.getMessage()).contains(job);
      return way;
    }
    queries.history().timeline(job.id()).stream()
        .skip(before)
        .map(event -> event.state())
        .filter(state -> state != way.get(way.size() - 1))
        .forEach(way::add);
    assertThat(queries.job(job.id()).orElseThrow().state()).isEqualTo(way.get(way.size() - 1));
    return way;
  }

  @Test
  void everyMethodGoesAlongItsOwnMovesAndNoOther() {
    in(JobState.DELIVERED);
    database.transaction(
        tx -> tx.update("insert into content (content_key, job_id) values ('known', 'job-0')"));
    rows()
        .forEach(
            (name, row) -> {
              for (var from : JobState.values()) {
                assertThat(way(in(from), row.method())).as(name).isEqualTo(row.way(from));
              }
            });
  }

  @Test
  void theTableHasNoMoveThatNobodyMakes() {
    assertThat(rows().values().stream().flatMap(row -> row.moves().stream()).distinct())
        .containsExactlyInAnyOrder(Move.values());
  }

  @Test
  void noMethodThatMovesAJobIsLeftOut() {
    var tried =
        rows().keySet().stream().map(name -> name.split("[ ,]", 2)[0]).collect(Collectors.toSet());
    tried.add("claimed"); // nothing was before
    tried.addAll(Set.of("arrived", "givenUp")); // of a target; the last one ends the job
    tried.add("acceptedLate"); // along ACCEPTED or FOUND, as the job stands by then

    assertThat(
            Stream.of(Ledger.class, NewJobs.class, SpendingGate.class, Shipments.class)
                .map(Class::getDeclaredMethods)
                .flatMap(Arrays::stream)
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == Job.class)
                .map(Method::getName))
        .isNotEmpty()
        .isSubsetOf(tried);
  }
}
