package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Several nodes of the program at one database, with shared folders and one provider account, and
 * what must hold of them all together whatever happens to each. Rates are those the program comes
 * with, and the provider refuses what is more than it says it takes. For one thread.
 */
public final class ClusterSite implements AutoCloseable {
  private static final Duration CREATE_WINDOW = Duration.ofSeconds(10);
  private static final int CREATES = 20;
  private static final Duration POLL_WINDOW = Duration.ofSeconds(1);
  private static final int POLLS = 10;

  private final Path top;
  private final Path folder;
  private final String url;
  private final FakeKie kie = FakeKie.start();
  private final Workplace place;
  private final Originals originals;
  private final KeptPromises promises;
  private final Map<String, ClusterNode> nodes = new TreeMap<>();
  private final List<String> story = new ArrayList<>();
  private int dropped;

  /** A new place below {@code top}, with an empty database of that server, and no node yet. */
  public ClusterSite(Path top, PostgresServer server, Duration lease)
      throws IOException, SQLException {
    this.top = Files.createTempDirectory(top, "cluster");
    folder = Files.createDirectories(this.top.resolve("shared"));
    url = server.empty();
    kie.limitCreates(CREATES, CREATE_WINDOW);
    kie.limitPolls(POLLS, POLL_WINDOW);
    kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(500)).padding(50_000));
    place = new Workplace(folder, kie);
    for (var tree : List.of("inbox", "outbox", "failed", "duplicates", "archive", "work")) {
      set("klingdrop." + tree + ".dir", folder.resolve(tree).toString());
    }
    set("klingdrop.db.url", url).set("klingdrop.db.user", PostgresServer.USER);
    set("klingdrop.db.password", PostgresServer.USER);
    set("klingdrop.provider.kie.create-rate", "18/10s");
    set("klingdrop.provider.kie.poll-rate", "8/1s");
    set("klingdrop.inbox.settle", "0ms");
    set("klingdrop.node.lease", lease.toSeconds() + "s");
    originals = new Originals(folder, List.of("inbox", "work", "archive", "failed", "duplicates"));
    promises = new KeptPromises(kie, place, originals, folder.resolve("inbox"), "work");
  }

  /** A setting of every node that is made from now on. */
  public ClusterSite set(String key, String value) {
    place.set(key, value);
    return this;
  }

  public FakeKie kie() {
    return kie;
  }

  /** The node of that name, which is made if it is new. */
  public ClusterNode node(String name) throws IOException {
    var node = nodes.get(name);
    if (node == null) {
      node = new ClusterNode(name, top.resolve("nodes").resolve(name), place.environment());
      nodes.put(name, node);
    }
    return node;
  }

  /** Starts these nodes at once and waits until all are ready. */
  public void startAll(Collection<String> names) throws IOException {
    for (var name : names) {
      node(name).start();
    }
    for (var name : names) {
      node(name).awaitReady();
    }
  }

  /** Drops so many pairs that were never dropped before. */
  public void drop(int pairs) throws IOException {
    var inbox = Files.createDirectories(folder.resolve("inbox/avatar"));
    for (int n = 0; n < pairs; n++) {
      originals.dropped(TestMedia.pair(inbox, "pair" + dropped, dropped));
      dropped++;
    }
    tell("%d pairs dropped, %d in all", pairs, dropped);
  }

  /** Something that was done, for the report of a failure. */
  public void tell(String what, Object... args) {
    story.add(place.time().instant() + " " + what.formatted(args));
  }

  /** Changes the database as somebody else would; answers how many rows. */
  public int sql(String statement) {
    try (var connection =
            DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.USER);
        var sql = connection.createStatement()) {
      return sql.execute(statement) ? 0 : sql.getUpdateCount();
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** The first column of what a question answers; nothing while the server is away. */
  public List<String> ask(String question) {
    try (var connection =
            DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.USER);
        var sql = connection.createStatement();
        var rows = sql.executeQuery(question)) {
      var answer = new ArrayList<String>();
      while (rows.next()) {
        answer.add(rows.getString(1));
      }
      return answer;
    } catch (SQLException e) {
      return List.of();
    }
  }

  /** Which node owns the lane now, if one does. */
  public Optional<String> owner() {
    return ask(
            "select node from lane_owner where provider = 'kie' and node is not null"
                + " and until > extract(epoch from clock_timestamp()) * 1000")
        .stream()
        .findFirst();
  }

  /** Waits until a node owns the lane; answers which. */
  public String awaitOwner() {
    Patience.await("an owner of the lane").until(() -> owner().isPresent());
    return owner().orElse("");
  }

  /** Waits until another node than that one owns the lane; answers how long that took. */
  public Duration takenOverFrom(String name) {
    var begun = place.time().nanos();
    Patience.await("another owner than " + name)
        .until(() -> owner().filter(owner -> !owner.equals(name)).isPresent());
    var took = Duration.ofNanos(place.time().nanos() - begun);
    tell("%s took over from %s after %d ms", owner().orElse("nobody"), name, took.toMillis());
    return took;
  }

  /** Has all other nodes give the lane away until that one has it, then lets them take again. */
  public void giveLane(String name) {
    sql("update node set state = 'DRAINING' where state = 'UP' and name <> '" + name + "'");
    Patience.await("the lane at " + name).until(() -> owner().equals(Optional.of(name)));
    sql("update node set state = 'UP' where state in ('DRAINING', 'DRAINED')");
    tell("%s owns the lane", name);
  }

  /** Waits until that node has beaten since now. */
  public void awaitBeat(String name) {
    var beat = "select beat_at from node where name = '" + name + "'";
    var before = ask(beat);
    Patience.await("a beat of " + name).until(() -> !ask(beat).equals(before));
  }

  /** Waits until the provider has accepted so many tasks. */
  public void awaitAccepted(int tasks) {
    Patience.await(tasks + " accepted").until(() -> kie.accepted().size() >= tasks);
  }

  /** Cuts all connections of all nodes. */
  public void cutConnections() {
    var cut =
        ask(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    tell("%d connections cut", cut.size());
  }

  /** What that node has under a lease: lanes, chores, jobs and shipments. */
  public List<String> held(String name) {
    return ask(
        """
        select 'lane ' || provider from lane_owner where node = '%1$s'
        union all select 'lease ' || name from lease where node = '%1$s'
        union all select 'job ' || id from job where lease_owner = '%1$s'
        union all select 'shipment ' || job_id from shipment where lease_owner = '%1$s'
        """
            .formatted(name));
  }

  /** How many jobs have come to their end and have their files where they stay. */
  public int settled() {
    return ask(
            "select count(*) from job where filed = 1 and state in ('DELIVERED', 'FAILED',"
                + " 'CANCELLED', 'DUPLICATE', 'SUBMIT_UNKNOWN')")
        .stream()
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(-1);
  }

  /** Waits until every pair dropped so far is settled. */
  public void awaitSettled() {
    awaitSettled(Patience.LONG);
  }

  /** As {@link #awaitSettled()}, for what takes longer. */
  public void awaitSettled(Duration within) {
    try {
      Patience.await("all settled")
          .pollInterval(Duration.ofMillis(200))
          .atMost(within)
          .until(() -> settled() == dropped);
    } catch (RuntimeException e) {
      throw new AssertionError(report("jobs stay open"), e);
    }
    tell("all settled");
  }

  /** What must hold at every moment. */
  public void assertNothingHalf() throws IOException {
    promises.assertNothingHalf(story);
  }

  /** Ends all nodes in order and checks that every promise was kept by them together. */
  public List<Job> finish() throws Exception {
    awaitSettled();
    for (var node : nodes.values()) {
      if (node.alive()) {
        node.terminate();
        assertThat(node.exitCode()).as(node.name() + "\n" + node.printed()).isIn(0, 143);
      }
    }
    var jobs = place.jobs();
    try {
      assertThat(jobs).hasSize(dropped);
      promises.assertKept(story, jobs);
      assertRates();
    } catch (AssertionError e) {
      throw new AssertionError(report(e.getMessage()), e);
    }
    return jobs;
  }

  private void assertRates() {
    assertThat(kie.maxCallsInWindow(Endpoint.CREATE_TASK, CREATE_WINDOW))
        .as("createTask in a window")
        .isLessThanOrEqualTo(CREATES);
    assertThat(kie.maxCallsInWindow(Endpoint.RECORD_INFO, POLL_WINDOW))
        .as("recordInfo in a window")
        .isLessThanOrEqualTo(POLLS);
    assertThat(kie.rejections429()).as("refusals for rate").isZero();
  }

  private String report(String what) {
    var open =
        ask(
            "select concat_ws(' ', id, name, state, due_at, lease_owner, lease_until, attempts,"
                + " filed) from job where state <> 'DELIVERED' or filed = 0 order by id");
    var all = new StringBuilder(what);
    section(all, "done", story);
    section(all, "open", open);
    section(all, "nodes", ask("select concat_ws(' ', name, state, beat_at, until) from node"));
    section(
        all, "lanes", ask("select concat_ws(' ', provider, epoch, node, until) from lane_owner"));
    all.append("\n\nfolder: ").append(top);
    nodes.values().forEach(node -> all.append('\n').append(node.story()));
    return all.toString();
  }

  private static void section(StringBuilder all, String title, Collection<String> lines) {
    all.append("\n\n").append(title).append(":\n  ").append(String.join("\n  ", lines));
  }

  @Override
  public void close() {
    nodes.values().forEach(ClusterNode::close);
    kie.close();
  }
}
