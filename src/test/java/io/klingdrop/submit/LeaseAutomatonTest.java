package io.klingdrop.submit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.klingdrop.testing.ProgramMutant;
import io.klingdrop.testing.ProgramMutant.Edit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Two nodes, one job, one account: whatever is held up and wherever, the job is paid for once. What
 * runs is the program's own code ({@link Submissions}, {@link Lookups}, {@link SubmitRecovery},
 * {@code Membership}, {@code SharedTime} and all of the ledger) at a SQLite ledger in memory; the
 * clocks, the account and the order in which the nodes run are {@link TwoNodes}'. In every schedule
 * is looked at
 *
 * <ul>
 *   <li>that no second task is created, and no task id that was answered is lost;
 *   <li>that who submits owns the lane by the database's clock, holds the job, and had its right
 *       without a break since it last looked;
 *   <li>that a node whose right has run out while it slept knows it by its own clocks;
 *   <li>that the job comes to an end: it runs, or waits for a person.
 * </ul>
 *
 * <p>The bound: a schedule is a row of switches, each of which holds the running node up at a stop
 * in one of seven ways ({@link TwoNodes.Pause}) and lets the other go on until the next switch, or
 * until the job has ended. Stops are all readings of a clock outside transactions and the steps of
 * every call, in each round of the node in which the job's row changed, and the end of each other
 * round. The short bound is one switch at every ninth stop for each kind of account, and two at
 * calls of an account that lists its tasks: about 700 schedules. The long bound ({@code -Plong}) is
 * one switch at every stop for each kind (about 4500 schedules), each with a second one at every
 * fiftieth stop of the other node.
 *
 * <p>Not covered: a machine that sleeps for more than five minutes between its last look at a clock
 * and the first byte on the wire (at six the successor's patience ends; a provider that refuses a
 * second task of one id is safe even then), one whose two clocks both stood still, three nodes,
 * what PostgreSQL does inside one transaction, and the wire itself.
 */
class LeaseAutomatonTest {
  private static final boolean LONG = Boolean.getBoolean("klingdrop.automaton.long");
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.klingdrop");

  /** A successor waits for no sleeper. */
  private static final Edit GRACE =
      edit("submit/Lookups.java", "? sleep : grace", "? grace : grace");

  @TempDir private Path folder;

  /**
   * A rule taken out of the program.
   *
   * @param kinds where it is looked for
   * @param word in what is found
   */
  private record Rule(String name, String kinds, String levels, String word, List<Edit> edits) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Rule rule(String name, String kinds, String levels, String word, Edit... edits) {
    return new Rule(name, kinds, levels, word, List.of(edits));
  }

  private static Edit edit(String file, String rule, String instead) {
    return new Edit(file, rule, instead);
  }

  static Stream<Rule> rules() {
    var fence = "ledger/LaneFence.java";
    var member = "node/Membership.java";
    var limit = "wire/SendLimit.java";
    var nanosAlive = "time.nanos() - now.nanos() < lease.toNanos()\n        && ";
    var wallAlive =
        "\n        && Duration.between(now.instant(), time.instant()).compareTo(lease) < 0";
    return Stream.of(
        rule(
            "the lane has not run out by the database's clock",
            "LISTS",
            "FROZEN@fence FROZEN@idle",
            "submits while",
            edit(fence, "and until > ?", "and ? > 0")),
        rule(
            "the lane names this node",
            "LISTS",
            "DRAINED@fence FROZEN@beat",
            "submits while",
            edit(fence, "and node = ?", "and (node is null or node = ?)")),
        rule(
            "the lane is at this epoch",
            "LISTS",
            "DRAINED_AND_BACK@fence DRAINED@claimDue",
            "another node's meanwhile",
            edit(fence, "and epoch = ?", "and epoch >= ?")),
        rule(
            "a claim raises the version",
            "LISTS",
            "DRAINED_AND_BACK@owns DRAINED@createTask",
            "submits while",
            edit(
                "ledger/JobClaims.java",
                "\"update job set version = version + 1, lease_owner = ?",
                "\"update job set lease_owner = ?")),
        rule(
            "each write compares the version",
            "LISTS",
            "FROZEN@call FROZEN@call",
            "sent twice",
            edit("ledger/Transitions.java", "and version = ?", "and ? >= 0")),
        rule(
            "the send limit by nanoTime",
            "LISTS",
            "SET_BACK@call",
            "sent twice",
            edit(limit, "time.nanos() - nanos >= limit.toNanos()\n        || ", "")),
        rule(
            "the send limit by the wall clock",
            "LISTS",
            "SUSPENDED@call",
            "sent twice",
            edit(
                limit,
                "\n        || Duration.between(instant, time.instant()).compareTo(limit) >= 0",
                "")),
        rule(
            "the send limit begins before the commit",
            "LISTS",
            "FROZEN@of",
            "sent twice",
            edit(
                "submit/Submissions.java",
                "limit.over(() ->",
                "SendLimit.of(SEND_WITHIN, context.clock()).over(() ->")),
        rule("a successor waits for a sleeper", "LISTS", "FROZEN@call", "sent twice", GRACE),
        rule(
            "only where a lookup proves absence",
            "BLIND_SILENT",
            "",
            "sent twice",
            edit("submit/Lookups.java", "&& believed(account)", "")),
        rule(
            "where tasks cannot be looked for, nothing is sent again",
            "KIE_SILENT",
            "DEAD@call",
            "sent twice",
            edit(
                "submit/SubmitRecovery.java",
                "providers().account(job.provider()).findsTasks()",
                "providers().account(job.provider()).name() != null"),
            edit("provider/Providers.java", "quirks().lookup() != ", "quirks().lookup() == "),
            edit("submit/Lookups.java", "== Lookup.TRUSTED", "!= Lookup.TRUSTED")),
        rule(
            "a late answer keeps its task id",
            "KIE",
            "FROZEN@call",
            "its id is lost",
            edit(
                "submit/CreateAnswers.java",
                "context.ledger().acceptedLate(submitting, taskId)",
                "submitting")),
        rule(
            "a renewal keeps only what is in hand",
            "CLAIM_LOST",
            "",
            "stuck",
            edit("ledger/NodeRows.java", "    args.addAll(holder.keys(table));\n", ""),
            edit("ledger/NodeRows.java", "if (count > 0)", "if (count == 0)"),
            edit("ledger/NodeRows.java", " and %s in (%s)\"", "\"")),
        rule(
            "a claim that has run out takes no place",
            "CLAIM_LOST",
            "",
            "stuck",
            edit(
                "ledger/JobCounts.java",
                "'SUBMITTING') and lease_until > ?",
                "'SUBMITTING') and coalesce(lease_until, 0) * 0 + lease_until < ? * 2")),
        rule(
            "a right ends by nanoTime",
            "LISTS",
            "SET_BACK@createTask",
            "for good after a sleep",
            edit(member, nanosAlive, "")),
        rule(
            "a right ends by the wall clock",
            "LISTS",
            "SUSPENDED@createTask",
            "for good after a sleep",
            edit(member, wallAlive, "")),
        rule(
            "the id of a task stays the same",
            "LISTS_SILENT",
            "",
            "sent twice",
            edit("submit/ExternalId.java", "? jobId :", "? jobId + System.nanoTime() :")));
  }

  private static void quiet(Level level) {
    LOG.setLevel(level);
  }

  @BeforeAll
  static void hush() {
    quiet(Level.OFF);
  }

  @AfterAll
  static void speak() {
    quiet(null);
  }

  private List<String> search(List<Edit> edits, String kinds, String levels) throws Exception {
    try (var loader = ProgramMutant.loader(Files.createDirectories(folder.resolve("m")), edits)) {
      var search =
          loader
              .loadClass(LeaseAutomaton.class.getName())
              .getMethod("search", String.class, String.class, String.class);
      @SuppressWarnings("unchecked")
      var found = (List<String>) search.invoke(null, folder.toString(), kinds, levels);
      return found;
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void withoutThatRuleAFaultIsFound(Rule rule) throws Exception {
    var found = search(rule.edits(), rule.kinds(), rule.levels());

    assertThat(found).first().asString().contains(rule.word());
  }

  @Test
  void withAllRulesNoneIs() throws Exception {
    var kinds = "KIE KIE_SILENT LISTS LISTS_SILENT BLIND_SILENT UNIQUE CLAIM_LOST";

    assertThat(search(List.of(), kinds, LONG ? "ALL ALL/50" : "ALL/9")).hasSize(1);
  }

  @Test
  void norWhenBothAreHeldUpAtTheirCalls() throws Exception {
    assertThat(search(List.of(), "LISTS", "ALL@call ALL/9@call")).hasSize(1);
  }

  @Test
  void anAccountThatRefusesASecondTaskOfOneIdIsSafeWithoutThem() throws Exception {
    assertThat(search(List.of(GRACE), "UNIQUE", "ALL@call")).hasSize(1);
  }
}
