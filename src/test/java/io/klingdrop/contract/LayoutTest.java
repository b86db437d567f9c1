package io.klingdrop.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which room may look into which: the arrows of the house, measured from the compiled classes. */
class LayoutTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.klingdrop");
  private static final List<String> ROOMS =
      List.of(
          "fault",
          "time",
          "job",
          "document",
          "files",
          "media",
          "settings",
          "catalogue",
          "budget",
          "ledger",
          "wire",
          "provider",
          "s3",
          "node",
          "stage",
          "intake",
          "submit",
          "poll",
          "fetch",
          "deliver",
          "failure",
          "outcomes",
          "redrive",
          "camel",
          "sandbox",
          "health",
          "http",
          "process",
          "app",
          "cli");

  private static String in(String room) {
    return "io.klingdrop." + room + "..";
  }

  private static String[] allBut(String... rooms) {
    var out = Arrays.asList(rooms);
    return ROOMS.stream()
        .filter(room -> !out.contains(room))
        .map(LayoutTest::in)
        .toArray(String[]::new);
  }

  private static void seesOnly(String room, String... seen) {
    // where a test may let the program die, any room may say; and time goes for all of them
    var allowed =
        Stream.concat(Stream.of(room, "fault", "time"), Arrays.stream(seen)).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(in(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(allBut(allowed))
        .check(CLASSES);
  }

  private static void knownOnlyTo(String room, String... known) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.concat(Stream.of(room), Arrays.stream(known))
                .map(LayoutTest::in)
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in(room))
        .check(CLASSES);
  }

  @Test
  void theRoomsAtTheBottomSeeNobody() {
    noClasses()
        .that()
        .resideInAPackage(in("fault"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(allBut("fault"))
        .check(CLASSES);
    seesOnly("time");
    seesOnly("job");
    seesOnly("files");
    seesOnly("media");
  }

  @Test
  void settingsAndCatalogueSeeTheJobRoomOnly() {
    seesOnly("settings", "job");
    seesOnly("catalogue", "job");
  }

  @Test
  void aDocumentIsMadeOfWhatTheJobRoomKnowsAndTheLedgerKeepsItAsText() {
    seesOnly("document", "job");
    seesOnly("ledger", "job", "document", "budget", "files");
  }

  @Test
  void aBudgetIsReckonedWithoutTheLedger() {
    seesOnly("budget", "job", "settings", "catalogue");
  }

  @Test
  void theLedgerKnowsNoWordOfAMessage() {
    noClasses()
        .that()
        .resideInAPackage(in("ledger"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(CLASSES);
  }

  @Test
  void theWireKnowsNotWhatIsSaid() {
    seesOnly("wire", "settings");
  }

  @Test
  void theProviderRoomKnowsNoStage() {
    seesOnly("provider", "job", "ledger", "settings", "wire");
  }

  @Test
  void whatStagesAreBuiltFromKnowsNone() {
    seesOnly("stage", "job", "files", "settings", "catalogue", "ledger", "node", "provider");
  }

  @Test
  void aNodeKnowsItsLedgerOnly() {
    seesOnly("node", "files", "ledger");
  }

  @Test
  void theBucketKnowsNothingOfWhatIsPutIntoIt() {
    seesOnly("s3", "job", "settings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"intake", "submit", "poll", "fetch", "deliver", "failure", "outcomes"})
  void aStageNeverSeesAnotherStage(String stage) {
    seesOnly(
        stage,
        "job",
        "document",
        "files",
        "media",
        "settings",
        "catalogue",
        "budget",
        "ledger",
        "wire",
        "provider",
        "s3",
        "node",
        "stage");
  }

  @Test
  void onlyTheBucketsRoomKnowsTheSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("s3"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void theHttpRoomSeesNoStageAndOnlyTheFrontDoorsKnowIt() {
    seesOnly("redrive", "job", "files", "settings", "budget", "ledger");
    seesOnly(
        "http",
        "job",
        "document",
        "files",
        "settings",
        "catalogue",
        "ledger",
        "node",
        "wire",
        "provider",
        "redrive",
        "health");
    knownOnlyTo("http", "app", "cli");
  }

  @Test
  void theComponentKnowsNoStage() {
    seesOnly("camel", "job", "ledger");
    knownOnlyTo("camel", "app", "cli");
  }

  @Test
  void theSandboxKnowsNothingOfTheServiceItServes() {
    seesOnly("sandbox", "media");
    knownOnlyTo("sandbox", "cli");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sandbox.kie", "sandbox.kling"})
  void aDialectOfTheSandboxIsKnownToWhatStartsItOnly(String dialect) {
    noClasses()
        .that()
        .resideOutsideOfPackages(in(dialect), "io.klingdrop.sandbox")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in(dialect))
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"provider.kie", "provider.kling"})
  void onlyTheWiringKnowsADialect(String dialect) {
    noClasses()
        .that()
        .resideOutsideOfPackages(in(dialect), in("app"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in(dialect))
        .check(CLASSES);
  }

  @Test
  void nobodyLooksUpToTheCommandLineOrTheWiring() {
    noClasses()
        .that()
        .resideInAnyPackage(allBut("cli"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("cli"))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(allBut("cli", "app"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("app"))
        .check(CLASSES);
  }

  @Test
  void healthIsAskedAndKnowsNobodyWhoAsks() {
    seesOnly("health", "job", "files", "settings", "ledger", "node", "provider");
    knownOnlyTo("health", "http", "app", "cli");
  }

  @Test
  void theProcessKnowsNotWhatItServes() {
    seesOnly("process", "job", "files", "settings", "ledger");
    noClasses()
        .that()
        .resideInAnyPackage(allBut("process", "app", "cli"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("process"))
        .check(CLASSES);
  }

  @Test
  void noRoomIsItsOwnGuestByADetour() {
    slices().matching("io.klingdrop.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noClassIsItsOwnGuestByADetour() {
    assertThat(Circles.ofClasses(CLASSES)).isEmpty();
  }

  @Test
  void noPackageIsItsOwnGuestByADetour() {
    assertThat(Circles.ofPackages(CLASSES)).isEmpty();
  }

  @Test
  void timeIsAnArgumentInTheStages() {
    noClasses()
        .that()
        .resideInAnyPackage(allBut("cli", "app", "process", "sandbox"))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(CLASSES);
  }

  @Test
  void everyRoomIsNullMarked() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith("org.jspecify.annotations.NullMarked")
        .check(CLASSES);
  }
}
