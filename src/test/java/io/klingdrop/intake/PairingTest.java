package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.intake.Beside.Growing;
import io.klingdrop.intake.Pairing.Outcome;
import io.klingdrop.intake.Pairing.Place;
import io.klingdrop.intake.Pairing.Timing;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of one folder, by name and by how long they have been unchanged. */
class PairingTest {
  private static final Path FOLDER = Path.of("/inbox/avatar/sub");
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration SETTLED = SETTLE;
  private static final Duration OLD = SETTLE.plus(WINDOW);
  private static final Needs AVATAR = new Needs(true, true, false, false, sidecar -> false);
  private static final Needs PICTURE = new Needs(true, false, false, true, sidecar -> false);

  private final List<Dropped> files = new ArrayList<>();
  private final List<Dropped> defaults = new ArrayList<>();
  private final Set<Path> served = new HashSet<>();
  private final List<Growing> growing = new ArrayList<>();
  private final List<String> strangers = new ArrayList<>();
  private Needs needs = AVATAR;
  private Duration window = WINDOW;

  private void drop(Duration unchanged, String... names) {
    for (var name : names) {
      files.add(file(name, unchanged));
    }
  }

  private static Dropped file(String name, Duration unchanged) {
    var role = InboxRules.role(name).orElse(Role.SIDECAR);
    return new Dropped(FOLDER.resolve(name), role, 10, 0, unchanged);
  }

  private Outcome pair() {
    return Pairing.pair(
        new Place("avatar", "sub", needs, defaults),
        new Timing(SETTLE, window),
        served::contains,
        files,
        new Beside(growing, strangers));
  }

  /** The bundle of that name, as {@code lead: file file+}, where a plus marks a shared one. */
  private static String told(Bundle bundle) {
    var members =
        bundle.members().stream()
            .map(member -> member.file().name() + (member.shared() ? "+" : ""))
            .sorted()
            .toList();
    return bundle.lead().getFileName() + ": " + String.join(" ", members);
  }

  private List<String> good() {
    var outcome = pair();
    assertThat(outcome.ready()).allMatch(bundle -> bundle.refusal() == null);
    return outcome.ready().stream().map(PairingTest::told).sorted().toList();
  }

  private void nothingYet() {
    var outcome = pair();
    assertThat(outcome.ready()).isEmpty();
    assertThat(outcome.waiting()).hasSize(1);
  }

  private Bundle refused(FailureClass failureClass, String... words) {
    var outcome = pair();
    assertThat(outcome.ready()).hasSize(1);
    var bundle = outcome.ready().get(0);
    var refusal = bundle.refusal();
    assertThat(refusal).isNotNull();
    assertThat(refusal.failureClass()).isEqualTo(failureClass);
    assertThat(refusal.message()).contains(words);
    return bundle;
  }

  @Test
  void whatIsCalledLikeThePictureOfTheFolderWaitsLikeAnyOtherHalf() {
    drop(OLD, "_image.wav");

    refused(FailureClass.UNPAIRED, "no picture called _image came");
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1 second",
    "90000, 90 seconds",
    "60000, 1 minute",
    "600000, 10 minutes",
    "5400000, 90 minutes",
    "500, 1 second",
    "0, 1 second",
  })
  void whatDidNotComeIsToldWithTheTimeItWasWaitedForAsAPersonSaysIt(long millis, String time) {
    window = Duration.ofMillis(millis);
    var waited = SETTLE.plus(window);

    drop(waited, "host.png");
    assertThat(refusal()).isEqualTo("no recording called host came within " + time);
    drop(waited, "host.wav");
    needs = new Needs(true, true, true, false, sidecar -> false);
    assertThat(refusal())
        .isEqualTo("no sidecar came within " + time + "; the profile asks for one");

    files.clear();
    needs = AVATAR;
    drop(waited, "host.wav");
    assertThat(refusal()).isEqualTo("no picture called host came within " + time);

    files.clear();
    drop(waited, "host.txt");
    assertThat(refusal()).isEqualTo("this sidecar's media did not come within " + time);

    files.clear();
    needs = PICTURE;
    drop(waited, "host.png");
    assertThat(refusal()).isEqualTo("no prompt (host.txt) came within " + time);
  }

  private String refusal() {
    var refusal = pair().ready().get(0).refusal();
    assertThat(refusal).isNotNull();
    return refusal.message();
  }

  @Test
  void aPictureAndARecordingOfOneStemAreABundleLedByTheRecording() {
    drop(SETTLED, "host.png", "host.wav");

    assertThat(good()).containsExactly("host.wav: host.png host.wav");
    var bundle = pair().ready().get(0);
    assertThat(bundle.name()).isEqualTo("host");
    assertThat(bundle.profile()).isEqualTo("avatar");
    assertThat(bundle.subPath()).isEqualTo("sub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.png host.wav", "host.PNG host.Wav", "host.JpEg host.MP3"})
  void theCaseOfAnExtensionDoesNotMatter(String names) {
    drop(SETTLED, names.split(" "));

    assertThat(good()).hasSize(1);
  }

  @Test
  void theCaseOfAStemDoes() {
    drop(SETTLED, "Host.png", "host.wav");

    assertThat(pair().ready()).isEmpty();
    assertThat(pair().waiting()).hasSize(2);
  }

  @Test
  void twoSpellingsOfOneAccentAreOneStem() {
    drop(SETTLED, "gr\u00fc\u00dfe.png", "gru\u0308\u00dfe.wav");

    assertThat(good()).hasSize(1);
  }

  @Test
  void otherStemsAreOtherBundles() {
    drop(SETTLED, "a.png", "a.wav", "b.jpg", "b.mp3", "a.b.png", "a.b.wav");

    assertThat(good())
        .containsExactly("a.b.wav: a.b.png a.b.wav", "a.wav: a.png a.wav", "b.mp3: b.jpg b.mp3");
  }

  @Test
  void aSidecarComesAlongAndAllOfTheStemMustHaveSettled() {
    drop(SETTLED, "host.png", "host.wav");
    drop(SETTLED.minusMillis(1), "host.txt");
    nothingYet();

    files.clear();
    drop(SETTLED, "host.png", "host.wav", "host.txt", "host.yaml");
    assertThat(good()).containsExactly("host.wav: host.png host.txt host.wav host.yaml");
  }

  @ParameterizedTest
  @CsvSource({"host.png, host.wav", "host.wav, host.png"})
  void ofAPairEachFileMustHaveSettled(String settled, String fresh) {
    drop(OLD, settled);
    drop(SETTLED.minusNanos(1), fresh);

    nothingYet();
  }

  @Test
  void onePictureServesManyRecordingsAndStays() {
    drop(SETTLED, "host.png", "host__01.wav", "host__02.wav", "host.txt", "host__02.txt");

    assertThat(good())
        .containsExactly(
            "host__01.wav: host.png+ host.txt+ host__01.wav",
            "host__02.wav: host.png+ host__02.txt host__02.wav");
  }

  @Test
  void aSidecarMayBeBorrowedWithoutAPictureOfItsStem() {
    drop(OLD, "host.txt");
    drop(SETTLED, "_image.png", "host__01.wav");

    assertThat(good()).containsExactly("host__01.wav: _image.png+ host.txt+ host__01.wav");
  }

  @Test
  void aPictureThatServesOthersStaysForItsOwnRecordingToo() {
    drop(SETTLED, "host.png", "host.wav", "host__01.wav");

    assertThat(good())
        .containsExactly("host.wav: host.png+ host.wav", "host__01.wav: host.png+ host__01.wav");
  }

  @Test
  void aRecordingWithAPictureOfItsOwnBorrowsNone() {
    drop(SETTLED, "host.png", "host.wav", "host__01.png", "host__01.wav");

    assertThat(good())
        .containsExactly("host.wav: host.png host.wav", "host__01.wav: host__01.png host__01.wav");
  }

  @Test
  void theStemIsCutAtItsLastDoubleUnderline() {
    drop(SETTLED, "a__b.png", "a__b__c.wav", "a.png");

    assertThat(pair().ready().stream().map(PairingTest::told))
        .containsExactly("a__b__c.wav: a__b.png+ a__b__c.wav");
    assertThat(pair().waiting()).hasSize(1);
  }

  @Test
  void aStemThatBeginsWithTheDoubleUnderlineIsItsOwn() {
    drop(SETTLED, "__01.wav", "__01.png");

    assertThat(good()).containsExactly("__01.wav: __01.png __01.wav");
  }

  @Test
  void aBorrowedPictureMustHaveSettledToo() {
    drop(SETTLED, "host__01.wav");
    drop(Duration.ZERO, "host.png");

    nothingYet();
  }

  @Test
  void theFoldersPictureServesEveryRecordingWithoutOne() {
    drop(SETTLED, "_image.JPG", "a.wav", "b.wav", "b.png", "c__01.wav", "c.png");

    assertThat(good())
        .containsExactly(
            "a.wav: _image.JPG+ a.wav", "b.wav: b.png b.wav", "c__01.wav: c.png+ c__01.wav");
  }

  @Test
  void theFoldersPictureAloneIsNoHalf() {
    drop(OLD, "_image.png");

    assertThat(pair().ready()).isEmpty();
    assertThat(pair().waiting()).isEmpty();
  }

  @Test
  void twoPicturesOfAFolderAreRefusedWithTheRecordingThatNeedsOne() {
    drop(SETTLED, "_image.png", "_image.webp", "a.wav");

    var bundle = refused(FailureClass.UNPAIRED, "pictures", "_image.png, _image.webp");
    assertThat(told(bundle)).isEqualTo("a.wav: a.wav");
  }

  @Test
  void twoPicturesOfAStemAreRefusedTogetherAsSoonAsAllHasSettled() {
    drop(SETTLED, "host.png", "host.jpg", "host.wav", "host.txt");

    var bundle = refused(FailureClass.UNPAIRED, "pictures", "host.jpg, host.png", "not guess");
    assertThat(told(bundle)).isEqualTo("host.wav: host.jpg host.png host.txt host.wav");

    files.remove(0);
    drop(Duration.ZERO, "host.png");
    nothingYet();
  }

  @Test
  void twoPicturesWithoutARecordingAreRefusedAsWell() {
    drop(SETTLED, "host.png", "host.jpg");

    assertThat(told(refused(FailureClass.UNPAIRED, "pictures"))).endsWith(": host.jpg host.png");
  }

  @Test
  void twoPicturesOfAModelThatTakesNoRecordingAreRefusedToo() {
    needs = PICTURE;
    drop(SETTLED, "host.png", "host.jpg", "host.txt");
    refused(FailureClass.UNPAIRED, "pictures", "host.jpg, host.png", "not guess");

    files.clear();
    drop(SETTLED, "host.png", "host.json", "host.yaml");
    refused(FailureClass.UNPAIRED, "sidecars", "host.json, host.yaml");
  }

  @Test
  void twoPicturesThatManyRecordingsWouldBorrowAreGuessedByNone() {
    drop(SETTLED, "host.png", "host.jpg", "host__01.wav", "host__02.wav");

    assertThat(pair().ready()).hasSize(3).allMatch(bundle -> bundle.refusal() != null);
  }

  @Test
  void twoRecordingsOfAStemAreRefusedTogether() {
    drop(SETTLED, "host.png", "host.wav", "host.mp3");

    var bundle = refused(FailureClass.UNPAIRED, "recordings", "host.mp3, host.wav");
    assertThat(bundle.members()).hasSize(3);
  }

  @Test
  void twoSettingsFilesOfAStemAreRefusedTogetherButAPromptMayStandBesideOne() {
    drop(SETTLED, "host.png", "host.wav", "host.yaml", "host.json");
    refused(FailureClass.UNPAIRED, "sidecars", "host.json, host.yaml");

    files.clear();
    drop(SETTLED, "host.png", "host.wav", "host.yaml", "host.txt");
    assertThat(good()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "host.wav, no picture called host",
    "host.png, no recording called host",
    "host.txt, media did not come",
    "host.json, media did not come",
    "host__01.wav, no picture called host__01"
  })
  void aHalfWaitsForThePairWindowAfterItSettled(String name, String message) {
    drop(OLD.minusMillis(1), name);
    nothingYet();

    files.clear();
    drop(OLD, name);
    assertThat(told(refused(FailureClass.UNPAIRED, message))).isEqualTo(name + ": " + name);
  }

  @Test
  void theWindowBeginsAnewWhenMoreOfTheHalfComes() {
    drop(OLD, "host.wav");
    drop(OLD.minusMillis(1), "host.txt");
    nothingYet();

    files.clear();
    drop(OLD, "host.wav", "host.txt");
    assertThat(refused(FailureClass.UNPAIRED, "no picture").members()).hasSize(2);
  }

  @Test
  void aPictureOrSidecarThatHasServedIsNeverUnpaired() {
    drop(OLD, "host.png", "host.txt", "words.txt");
    served.add(FOLDER.resolve("host.png"));
    served.add(FOLDER.resolve("words.txt"));

    assertThat(pair().ready()).isEmpty();
    assertThat(pair().waiting()).isEmpty();
  }

  @Test
  void aPictureThatHasServedServesAgain() {
    drop(OLD, "host.png");
    drop(SETTLED, "host__07.wav");
    served.add(FOLDER.resolve("host.png"));

    assertThat(good()).containsExactly("host__07.wav: host.png+ host__07.wav");
  }

  @Test
  void aProfileThatDemandsASidecarWaitsForOneAndABorrowedOneWillDo() {
    needs = new Needs(true, true, true, false, sidecar -> false);
    drop(SETTLED, "host.png", "host.wav");
    nothingYet();

    drop(SETTLED, "host.txt");
    assertThat(good()).hasSize(1);

    files.clear();
    drop(SETTLED, "host.png", "host.txt", "host__01.wav");
    assertThat(good()).containsExactly("host__01.wav: host.png+ host.txt+ host__01.wav");

    files.clear();
    drop(OLD, "host.png", "host.wav");
    refused(FailureClass.UNPAIRED, "no sidecar");
  }

  @Test
  void aPictureProfileTakesPictureAndPrompt() {
    needs = PICTURE;
    drop(SETTLED, "host.png");
    nothingYet();

    drop(SETTLED, "host.txt");
    assertThat(good()).containsExactly("host.png: host.png host.txt");

    files.clear();
    drop(OLD, "host.png");
    refused(FailureClass.UNPAIRED, "host.txt");
  }

  @Test
  void defaultsOfTheFolderMayBringThePromptAndMustHaveSettled() {
    needs = PICTURE;
    drop(SETTLED, "host.png");
    defaults.add(file("_defaults.yaml", Duration.ZERO));
    nothingYet();

    defaults.set(0, file("_defaults.yaml", SETTLED));
    assertThat(good()).containsExactly("host.png: host.png");
    assertThat(pair().ready().get(0).defaults()).containsExactly(FOLDER.resolve("_defaults.yaml"));
  }

  @Test
  void aRecordingInAPictureProfileIsRefusedWithItsPicture() {
    needs = PICTURE;
    drop(SETTLED, "host.png", "host.wav", "host.txt");

    var bundle = refused(FailureClass.INVALID, "avatar takes no recording");
    assertThat(bundle.members()).hasSize(3);
  }

  @Test
  void aFolderThatIsNoProfileIsRefusedStemByStem() {
    needs = Needs.unknown("");
    drop(SETTLED, "a.png", "a.wav", "b.txt");
    drop(Duration.ZERO, "c.png");

    var outcome = pair();

    assertThat(outcome.ready().stream().map(PairingTest::told))
        .containsExactly("a.wav: a.png a.wav", "b.txt: b.txt");
    assertThat(outcome.ready())
        .allMatch(bundle -> String.valueOf(bundle.refusal()).contains("is not a profile"));
    assertThat(outcome.waiting()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"error.json", "error.txt", "duplicate.json", "ERROR.JSON"})
  void ourOwnNoteThatCameBackIsNoLonelySidecar(String note) {
    drop(OLD, note);

    assertThat(pair().ready()).isEmpty();
    assertThat(pair().waiting()).isEmpty();
  }

  @Test
  void aBundleMayBeCalledLikeOurNotes() {
    drop(SETTLED, "error.png", "error.wav", "error.txt");

    assertThat(good()).containsExactly("error.wav: error.png error.txt error.wav");
  }

  @Test
  void anEmptyFileIsNotWholeUntilThePairWindowHasPassed() {
    drop(SETTLED, "host.png");
    files.add(new Dropped(FOLDER.resolve("host.wav"), Role.AUDIO, 0, 0, OLD.minusMillis(1)));
    nothingYet();

    files.set(1, new Dropped(FOLDER.resolve("host.wav"), Role.AUDIO, 0, 0, OLD));
    assertThat(good()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host.wav.filepart",
        "host.wav.part",
        "host.wav.crdownload",
        "host.wav.opdownload",
        "host.wav.!ut",
        "host.wav.aria2",
        "host.wav.1a2b3c4d.partial",
        "host.wav.ocTransferId1234567.part",
        ".host.wav.Ab12Cd",
        ".host.wav.~1a2b",
        ".syncthing.host.wav.tmp",
        "~syncthing~host.wav.tmp",
        ".in.host.wav.",
        ".pending-1700000000-host.wav",
        ".goutputstream-ABC123",
        "Unconfirmed 12345.crdownload"
      })
  void aHalfWaitsAsLongAsAFileOfItsStemGrows(String name) {
    drop(OLD, "host.png");
    growing.add(new Growing(name, PartialNames.becomes(name).orElseThrow(), Duration.ofSeconds(1)));
    nothingYet();

    growing.set(0, new Growing(name, PartialNames.becomes(name).orElseThrow(), OLD));
    refused(FailureClass.UNPAIRED, "no recording called host");
  }

  @Test
  void whatGrewAndStoppedIsNamed() {
    drop(OLD, "host.png");
    growing.add(new Growing("host.wav.filepart", "host.wav", OLD));

    refused(FailureClass.UNPAIRED, "host.wav.filepart lies beside it and does not grow any more");
  }

  @Test
  void aPairWaitsForItsPromptAndAFolderForItsPicture() {
    drop(OLD, "host.png", "host.wav");
    growing.add(new Growing("host.txt.part", "host.txt", Duration.ZERO));
    nothingYet();

    files.clear();
    drop(OLD, "host.wav");
    growing.set(0, new Growing("_image.png.part", "_image.png", Duration.ZERO));
    nothingYet();

    growing.set(0, new Growing("other.wav.part", "other.wav", Duration.ZERO));
    refused(FailureClass.UNPAIRED, "no picture");
  }

  @ParameterizedTest
  @CsvSource({
    "host.png, host.webm, takes no files called .webm",
    "host.wav, host.jfif, takes no files called .jfif"
  })
  void aHalfOfAKindThatIsNotTakenIsNamed(String half, String other, String words) {
    drop(OLD, half);
    strangers.add(other);

    refused(FailureClass.UNPAIRED, other + " lies beside it", words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host.wav", "host .wav", " host.wav", "host.wav.wav", "host.mp3.wav"})
  void aNameThatNearlyMatchesIsNamed(String name) {
    drop(OLD, "host.png", name);

    assertThat(pair().ready()).hasSize(2);
    assertThat(pair().ready())
        .extracting(bundle -> String.valueOf(bundle.refusal()))
        .anyMatch(words -> words.contains(name.strip() + " lies beside it, but its name is not"))
        .anyMatch(words -> words.contains("host.png lies beside it, but its name is not"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.rtf", "host.docx", "host.odt", "host.md"})
  void aPromptThatCannotBeReadStopsThePairBeforeAnythingIsPaid(String document) {
    drop(SETTLED, "host.png", "host.wav");
    strangers.add(document);

    refused(FailureClass.INVALID, document + " lies beside it", "host.txt", "Nothing was sent");

    drop(SETTLED, "host.txt");
    assertThat(good()).containsExactly("host.wav: host.png host.txt host.wav");
  }

  @Test
  void soDoesThePromptOfASharedPortraitAndOfAPicture() {
    drop(SETTLED, "host.png", "host__01.wav");
    strangers.add("host.docx");
    refused(FailureClass.INVALID, "host.docx lies beside it", "host__01.txt");

    files.clear();
    needs = PICTURE;
    drop(SETTLED, "host.png");
    refused(FailureClass.INVALID, "host.docx lies beside it");
  }

  @Test
  void anotherDocumentStopsNobody() {
    drop(SETTLED, "host.png", "host.wav");
    strangers.addAll(List.of("README.md", "host.srt", "host.pdf", "host.psd", "host.jfif"));

    assertThat(good()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host.txt", "host .yaml", "host.txt.txt", "host.png.txt"})
  void aPromptWhoseNameNearlyMatchesStopsThePair(String prompt) {
    drop(SETTLED, "host.png", "host.wav", prompt);

    var outcome = pair();
    assertThat(outcome.ready()).hasSize(1);
    assertThat(String.valueOf(outcome.ready().get(0).refusal()))
        .contains(prompt + " lies beside it", "Nothing was sent");
  }

  @Test
  void aPromptOfAnotherBundleStopsNobody() {
    drop(SETTLED, "Host.png", "Host.wav", "Host.txt", "host.png", "host.wav");

    assertThat(good()).hasSize(2);
  }

  @Test
  void aPortraitThatNearlyMatchesIsNotReplacedByTheFoldersPicture() {
    drop(SETTLED, "_image.png", "host.wav", "Host.png");
    var ready = pair().ready();
    assertThat(ready).hasSize(1);
    assertThat(String.valueOf(ready.get(0).refusal())).contains("Host.png lies beside it");

    files.clear();
    drop(SETTLED, "_image.png", "host.wav");
    strangers.add("host.jfif");
    refused(FailureClass.UNPAIRED, "host.jfif lies beside it", "_image.png");

    strangers.set(0, "host.psd");
    assertThat(good()).hasSize(1);
  }

  @Test
  void aFolderThatIsNearlyAProfileSaysWhich() {
    needs = Needs.unknown("avatar");
    drop(SETTLED, "a.png");

    refused(FailureClass.INVALID, "did you mean avatar?");
  }

  @Test
  void anEmptyFolderYieldsNothing() {
    assertThat(pair()).isEqualTo(new Outcome(List.of(), List.of(), Map.of()));
  }
}
