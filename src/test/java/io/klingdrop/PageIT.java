package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.sandbox.SandboxProvider;
import io.klingdrop.sandbox.samples.SampleMedia;
import io.klingdrop.testing.Browser;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.ManyJobs;
import io.klingdrop.testing.QuickPassword;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The operator's page in a real browser; skipped, saying why, without Chromium. With {@code
 * -Dklingdrop.pictures=docs} it keeps the pictures of the documents.
 */
class PageIT {
  private static final String DELIVERED = "#rows .state.DELIVERED";

  /** How many videos the chart shows as it is drawn. */
  private static final String BARS =
      "return Chart.getChart(document.querySelector('.hours canvas')).data.datasets[0].data"
          + ".reduce((one, other) => one + other)";

  /** A module of the page, what it is asked, and what it says. */
  private static final String SAYINGS =
      """
      jobs    | cost({state: 'FAILED', class: 'invalid', charged: 'no', credits: null, estimate: null})    | 0
      jobs    | cost({state: 'FAILED', class: 'invalid', charged: 'no', credits: null, estimate: 24})      | 0
      jobs    | cost({state: 'FAILED', class: 'expired', charged: 'unknown', credits: null, estimate: 24}) | ≈ 24
      jobs    | cost({state: 'DUPLICATE', credits: null, estimate: 40}) | 0
      jobs    | cost({state: 'RUNNING', credits: null, estimate: 40})   | ≈ 40
      jobs    | cost({state: 'DELIVERED', credits: 16, estimate: 40})   | 16
      jobs    | cost({state: 'READY', credits: null, estimate: null})   | ?
      actions | verbsFor({state: 'SUBMIT_UNKNOWN', class: 'submit-unknown', provider: 'kie'}).join(' ')  | resubmit cancel attach
      actions | verbsFor({state: 'SUBMIT_UNKNOWN', class: 'submit-unknown', provider: 'x'}).join(' ')    | recheck resubmit cancel attach
      actions | verbsFor({state: 'FAILED', class: 'generation', taskId: 't', provider: 'kie'}).join(' ') | recheck resubmit cancel
      actions | verbsFor({state: 'FAILED', class: 'invalid', provider: 'kie'}).join(' ')                 | cancel
      i18n    | t('next.generation') | Drop the files again if nothing was charged, or submit it again (this pays).
      i18n    | counted('ask.count', 1, {refused: 0})                | 1 job can be done, 0 cannot.
      i18n    | counted('ask.count', 2, {refused: 0})                | 2 jobs can be done, 0 cannot.
      i18n    | counted('ask.price', 1, {credits: 96})               | About 96 credits for 1 job.
      i18n    | counted('ask.price', 1000, {credits: 96})            | About 96 credits for 1,000 jobs.
      i18n    | counted('done.all', 1, {verb: 'Cancel'})             | Cancel: done for 1 job.
      i18n    | counted('done.some', 1, {verb: 'Cancel', refused: 2}) | Cancel: done for 1 job, not for 2.
      """;

  private static Browser browser;

  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Http http;

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    http = place.http();
    browser.screen(1360, 900, false, "en-US");
  }

  @AfterEach
  void close() throws Exception {
    browser.visit("about:blank");
    place.close();
    kie.close();
  }

  private String at(String words) {
    return http.at("/ops/" + words).toString();
  }

  /** The page after a start of the service, as if it was never seen before. */
  private Browser page(String words) {
    place.start().awaitHttp(http);
    browser.open(at(words)).run("localStorage.clear()");
    return browser.open(at(words));
  }

  @Test
  void aJobAppearsMovesAndPlaysWhileThePageIsOpen() throws Exception {
    try (var provider = SandboxProvider.start(folder.resolve("provider"), 0)) {
      place.set("klingdrop.provider.kie.base-url", provider.baseUrl().toString());
      place.set("klingdrop.provider.kie.upload-url", provider.baseUrl().toString());
      place.set("klingdrop.provider.kie.api-key", "sandbox");
      place.set("klingdrop.budget.credits-per-day", "2000");
      page("").awaitText("#live", "live").awaitText("#none", "Nothing dropped yet");
      SampleMedia.write(place.inbox("avatar").getParent());
      browser.awaitCount(DELIVERED, 2).await("#rows .state.FAILED");
      browser.awaitText("#rows", "the price of this job is not known");
      slowly("interview", "anna");
      browser.awaitCount("#rows .state.RUNNING", 2).awaitText("#rows", "left");
      browser.awaitText("#overview", "of 2,000").awaitText("#overview", "2 delivered");
      browser.awaitText("#overview", "left at kie");
      assertThat(browser.text("#rows")).contains("took", "CONTENT_POLICY_BLOCKED");
      assertThat(browser.text("#overview")).contains("Credits today", "kie", "open");
      assertThat(browser.run(BARS)).isEqualTo(2L);
      assertThat(browser.all(".lags canvas[aria-label*='late at worst']")).hasSize(1);
      browser.awaitFaces().picture("ops.png");
      browser.screen(1360, 900, true, "en-US").picture("ops-dark.png");
      browser.screen(390, 844, false, "en-US").picture("ops-phone.png");
      browser.screen(1360, 900, false, "en-US");

      browser.click("tr:has(.state.DELIVERED) button").await("#detail[open] video");
      assertThat(browser.text("#detail")).contains("Timeline", "Attempts", "Sources", "Results");
      plays();
      browser.picture("ops-job.png");
    }
  }

  /** Two pairs whose tasks take their time. */
  private void slowly(String... names) throws Exception {
    var samples = folder.resolve("samples");
    SampleMedia.write(samples);
    for (var name : names) {
      var inbox = place.inbox("avatar");
      Files.writeString(inbox.resolve(name + ".txt"), "Speaks of " + name + ". [slow 5m]");
      Files.copy(samples.resolve("avatar/course/lesson.mp3"), inbox.resolve(name + ".mp3"));
      Files.copy(samples.resolve("avatar/course/lesson.png"), inbox.resolve(name + ".png"));
    }
  }

  private static void plays() {
    var knows =
        "return document.createElement('video').canPlayType('video/mp4; codecs=avc1.42E01E')";
    if (String.valueOf(browser.run(knows)).isEmpty()) {
      var status =
          browser.runToEnd(
              "const done = arguments[0]; fetch(document.querySelector('video').src, {headers:"
                  + " {Range: 'bytes=0-99'}}).then((answer) => done(answer.status))");
      assertThat(status).isEqualTo(206L);
      return;
    }
    browser.run("const film = document.querySelector('video'); film.muted = true; film.play()");
    await()
        .until(
            () ->
                browser.run(
                    "const film = document.querySelector('video');"
                        + " return film.readyState >= 2 && film.currentTime > 0.2"),
            Boolean.TRUE::equals);
  }

  @Test
  void manyFailedJobsArePaidForAgainAfterOneQuestionWithThePrice() throws Exception {
    kie.plan().always(TaskPlan.fails("501", "Generation failed"));
    page("?state=FAILED");
    for (int i = 1; i <= 3; i++) {
      TestMedia.pair(place.inbox("avatar"), "failed" + i, i);
    }
    place.awaitJobs(JobState.FAILED, 3);
    await().until(() -> place.jobs().stream().allMatch(job -> job.filed()));
    kie.plan().always(TaskPlan.succeeds());
    browser.awaitCount("#rows tr", 3).press("a").awaitText("#bulk", "3 selected").press("r");
    browser.awaitText("#ask .price", "credits for 3 jobs");
    assertThat(browser.text("#ask .price")).doesNotContain(" 0 credits");
    assertThat(browser.faults()).isEmpty();
    browser.picture("ops-resubmit.png");
    assertThat(kie.createCalls()).isEqualTo(3);
    browser.click("#ask-yes");
    place.awaitJobs(JobState.DELIVERED, 3);
    browser.awaitCount("#rows tr", 0).awaitText("#states", "delivered 3");
    assertThat(kie.createCalls()).isEqualTo(6);
  }

  @Test
  void aLaneIsPausedAfterAQuestionAndResumed() throws Exception {
    page("").awaitText("#overview .lanes", "open").click("[data-lane=kie]");
    browser.awaitText("#ask", "No task is created at kie");
    assertThat(browser.faults()).isEmpty();
    browser.click("#ask-yes").awaitText("#overview .lanes", "paused");
    TestMedia.pair(place.inbox("avatar"), "waits", 1);
    browser.awaitText("#rows", "kie is paused by a person");
    assertThat(kie.createCalls()).isZero();
    assertThat(browser.faults()).isEmpty();
    browser.press("l").awaitText("#overview .lanes", "已暂停");
    assertThat(browser.text("#rows")).contains("kie 已由人工暂停");
    browser.press("l").click("[data-lane=kie]").awaitCount(DELIVERED, 1);
    browser.awaitText("#overview .lanes", "open");
  }

  @Test
  void nodesThatShareALedgerAreShownWithWhatTheyHave() throws Exception {
    try (var server = EmbeddedPostgres.builder().start()) {
      var url = server.getJdbcUrl("postgres", "postgres");
      place.set("klingdrop.db.url", url).set("klingdrop.node.name", "anna");
      place.set("klingdrop.db.user", "postgres").set("klingdrop.db.password", "postgres");
      try (var database = Database.open(url, "postgres", "postgres")) {
        var rows = new NodeRows(database, place.time());
        assertThat(rows.arrive("ben", "another", "1", Duration.ofHours(1))).isEmpty();
      }
      page("").awaitText("#overview", "anna (this one)").awaitText("#overview", "owns kie");
      assertThat(browser.text("#overview")).contains("Nodes", "ben", "owns no lane");
      browser.press("l").awaitText("#overview", "节点").awaitText("#overview", "anna（本节点）");
      assertThat(browser.faults()).isEmpty();
      browser.visit("about:blank");
      place.close();
    }
  }

  @Test
  void namesOfFilesNeverBecomeMarkup() throws Exception {
    var name = "<img src=x onerror=document.title='gone'>";
    page("");
    TestMedia.pair(place.inbox("avatar"), name, 1);
    browser.awaitCount(DELIVERED, 1).awaitText("#rows", "onerror=");
    browser.click("#rows button").awaitText("#detail h2", "<img src=x onerror=");
    assertThat(browser.all("img[src=x]")).isEmpty();
    assertThat(browser.run("return document.title")).isEqualTo("klingdrop");
    assertThat(browser.all("#detail .timeline li")).hasSizeGreaterThan(4);
  }

  @Test
  void pairsThatAreGivenToThePageBecomeJobs() throws Exception {
    var made = Files.createDirectories(folder.resolve("made"));
    var one = TestMedia.pair(made, "one", 1);
    var two = TestMedia.pair(made, "two", 2);
    page("").press("u").await("#ask[open] #drop-profile option[value=avatar]");
    browser.type(
        "#drop-files",
        "%s\n%s\n%s\n%s".formatted(one.image(), one.audio(), two.image(), two.audio()));
    browser.awaitText("#drop-send", "Send 2").click("#drop-send");
    browser.awaitCount("#drop-list .sent", 2).escape().awaitCount(DELIVERED, 2);
    assertThat(kie.createCalls()).isEqualTo(2);
  }

  @Test
  void aPictureServesThePageAsItServesTheFolderAndNoneIsChosen() throws Exception {
    var made = Files.createDirectories(folder.resolve("made"));
    var host = TestMedia.pair(made, "host", 1);
    var served = Files.move(host.audio(), made.resolve("host__01.wav"));
    var two = TestMedia.pair(made, "two", 2);
    var second = TestMedia.jpeg(made.resolve("two.jpg"), 400, 400, 3);
    page("").press("u").await("#ask[open] #drop-profile option[value=avatar]");
    browser.type(
        "#drop-files",
        "%s\n%s\n%s\n%s\n%s".formatted(host.image(), served, two.image(), two.audio(), second));
    browser.awaitText("#drop-send", "Send 2").click("#drop-send");
    browser.awaitText("#drop-list .failed", "one picture").awaitCount("#drop-list .sent", 1);
    browser.escape().awaitCount(DELIVERED, 1);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().path()).isEqualTo("avatar/host__01");
  }

  @Test
  void noColumnMovesWhenARowChangesItsState() throws Exception {
    kie.holdTasks();
    page("");
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    browser.awaitCount("#rows .state.RUNNING", 1);
    var edges =
        "return [...document.querySelectorAll('#jobs th')].map("
            + "(cell) => Math.round(cell.getBoundingClientRect().left)).join(' ')";
    var before = browser.run(edges);
    kie.releaseTasks();
    browser.awaitCount(DELIVERED, 1);
    assertThat(browser.run(edges)).isEqualTo(before);
  }

  @Test
  void aLineOfTheTimelineIsAsHighAsItsText() throws Exception {
    page("");
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    browser.awaitCount(DELIVERED, 1).click("#rows .name button").await("#detail[open] .timeline");
    assertThat(
            browser.run(
                "return [...document.querySelectorAll('.timeline .state')].every((pill) =>"
                    + " pill.getBoundingClientRect().height < 1.8 *"
                    + " parseFloat(getComputedStyle(pill).fontSize))"))
        .isEqualTo(true);
  }

  @Test
  void whatThePageSaysOfJobsIsTrue() {
    page("").awaitText("#live", "live").await("#none:not([hidden])");
    assertThat(browser.text("#none")).startsWith("Nothing dropped yet. Put a picture");
    assertThat(
            told("actions", "setAccounts([{provider: 'kie'}, {provider: 'x', findsTasks: true}])"))
        .isNull();
    SAYINGS
        .lines()
        .map(line -> line.split(" +\\| +"))
        .forEach(line -> assertThat(told(line[0], line[1])).as(line[1]).isEqualTo(line[2]));
  }

  /** What a function of the page's own modules answers. */
  private static Object told(String module, String call) {
    return browser.runToEnd(
        "const done = arguments[0]; import(`${location.origin}/ops/%s.js`).then((page) => page.%s)"
                .formatted(module, call)
            + ".then(done, (fault) => done(String(fault)))");
  }

  @Test
  void withALoginNothingIsShownToStrangers() {
    place.set("klingdrop.http.user", "ann");
    place.set("klingdrop.http.password-hash", QuickPassword.hash("secret"));
    place.start().awaitHttp(http);
    assertThat(http.get("/ops/").statusCode()).isEqualTo(401);
    assertThat(http.get("/ops/app.js").statusCode()).isEqualTo(401);
    browser.open(at("").replace("http://", "http://ann:secret@")).awaitText("#live", "live");
  }

  @Test
  void aHundredThousandJobsOpenAndFilterAtOnce() throws Exception {
    ManyJobs.write(place.settings(), 100_000);
    page("").awaitCount("#rows tr", 50).awaitText("#states", "90,000");
    browser.press("m").awaitCount("#rows tr", 100);
    browser.press("/").type("#text", "job-77777").awaitCount("#rows tr", 1);
    browser.escape().click("[data-state=FAILED]").awaitText("#none", "No job");
    browser.run(
        "const text = document.getElementById('text'); text.value = '';"
            + " text.dispatchEvent(new Event('input'))");
    browser.awaitCount("#rows tr", 50).awaitCount("#rows .state.FAILED", 50);
    assertThat(browser.address()).contains("state=FAILED").doesNotContain("text=");
    browser.click("#rows .tick input").click("#matching").awaitText("#bulk", "1,000 selected");
  }

  @Test
  void thePageIsFitForEverybodyInLightAndDarkAndOnAPhone() throws Exception {
    kie.plan().next(TaskPlan.fails("501", "Generation failed"));
    page("");
    TestMedia.pair(place.inbox("avatar"), "bad", 1);
    browser.awaitCount("#rows .state.FAILED", 1);
    TestMedia.pair(place.inbox("avatar"), "a-rather-long-name-of-a-file-" + "x".repeat(60), 2);
    browser.awaitCount(DELIVERED, 1).awaitText("#overview", "generation");
    var job = "?job=" + place.job("bad").id();
    for (var dark : new boolean[] {false, true}) {
      browser.screen(1360, 900, dark, "en-US").open(at("")).await(DELIVERED);
      assertThat(browser.faults()).as("dark: " + dark).isEmpty();
      browser.open(at(job)).await("#detail[open]");
      assertThat(browser.faults()).as("job, dark: " + dark).isEmpty();
    }
    for (var words : new String[] {"", job}) {
      browser.screen(390, 844, false, "en-US").open(at(words)).await(DELIVERED);
      var wide = "return document.documentElement.scrollWidth";
      assertThat((Long) browser.run(wide)).as("width of /ops/" + words).isLessThanOrEqualTo(390);
      assertThat(browser.faults()).as("phone /ops/" + words).isEmpty();
    }
    var dialog = "return document.getElementById('detail').scrollWidth";
    assertThat((Long) browser.run(dialog)).isLessThanOrEqualTo(390);
  }

  @Test
  void thePageSpeaksChineseToThoseWhoReadItAndWorksByKeyboard() throws Exception {
    browser.screen(1360, 900, false, "zh-CN");
    page("").awaitText("#none", "还没有放入文件");
    assertThat(browser.run("return document.documentElement.lang")).isEqualTo("zh-CN");
    TestMedia.pair(place.inbox("avatar"), "anna", 1);
    browser.awaitCount(DELIVERED, 1).awaitText("#rows .state", "已交付");
    assertThat(browser.faults()).isEmpty();
    browser.press("j").press("x").awaitText("#bulk", "已选 1 个").press("x");
    browser.awaitCount("#bulk[hidden]", 1).press("j").press(Keys.ENTER).await("#detail[open]");
    assertThat(browser.address()).contains("job=" + place.onlyJob().id());
    assertThat(browser.text("#detail")).contains("时间线");
    browser.escape().awaitCount("#detail[open]", 0);
    assertThat(browser.address()).doesNotContain("job=");
    browser.press("j").press("x").press("d").awaitText("#ask .sayings", "此操作不适用于任务的当前状态");
    browser.escape().press("x");
    browser.press("l").awaitText("#rows .state", "delivered").press("?");
    browser.awaitText("#ask .keys", "search").escape().press("t");
    browser.awaitText("#theme", "light").open(at("")).awaitText("#theme", "light");
  }

  @Test
  void aPageThatLostItsConnectionFindsItAgain() throws Exception {
    page("").awaitText("#live", "live");
    place.close();
    browser.awaitText("#live", "reconnecting");
    assertThat(told("api", "get('jobs').catch((fault) => fault.message)"))
        .isEqualTo("klingdrop does not answer.");
    place.start().awaitHttp(http);
    browser.awaitText("#live", "live");
    TestMedia.pair(place.inbox("avatar"), "late", 1);
    browser.awaitCount(DELIVERED, 1);
  }
}
