package io.klingdrop.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir private Path folder;

  private Settings load(Map<String, String> environment) {
    return SettingsReader.load(folder, environment, Map.of());
  }

  private List<String> faults(Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> load(environment)).problems();
  }

  private void file(String text) throws IOException {
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/application.properties"), text);
  }

  @Test
  void withoutAnyFileTheDefaultsHold() {
    var settings = load(Map.of());
    assertThat(settings.folders().inbox()).isEqualTo(folder.toAbsolutePath().resolve("inbox"));
    assertThat(settings.inbox().settle()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.kie().createRate()).isEqualTo(new Rate(18, Duration.ofSeconds(10)));
    assertThat(settings.kie().baseUrl()).hasToString("https://api.kie.ai");
    assertThat(settings.result().maxSize()).isEqualTo(2_000_000_000L);
    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.database().url())
        .isEqualTo("jdbc:sqlite:" + folder.toAbsolutePath().resolve("data/klingdrop.db"));
  }

  @Test
  void theWorkFolderLiesInTheDataFolderUnlessItIsSaidOtherwise() {
    assertThat(load(Map.of("KLINGDROP_DATA_DIR", "/srv/data")).folders().work())
        .isEqualTo(Path.of("/srv/data/work"));
    assertThat(load(Map.of()).folders().workInData()).isTrue();
    var folders = load(Map.of("KLINGDROP_WORK_DIR", "/mnt/work")).folders();
    assertThat(folders.work("kd1")).isEqualTo(Path.of("/mnt/work/kd1"));
    assertThat(folders.workInData()).isFalse();
  }

  @Test
  void theEnvironmentBeatsTheFileAndTheFileTheDefault() throws IOException {
    file("klingdrop.inbox.settle = 7s\nklingdrop.inbox.scan-period = 2s\n");
    var settings = load(Map.of("KLINGDROP_INBOX_SETTLE", "9s"));
    assertThat(settings.inbox().settle()).isEqualTo(Duration.ofSeconds(9));
    assertThat(settings.inbox().scanPeriod()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theCapOnADayIsEmptyOrANumber() {
    assertThat(load(Map.of()).budget()).isEqualTo(new Settings.Budget(null, false));
    assertThat(
            load(Map.of(
                    "KLINGDROP_BUDGET_CREDITS_PER_DAY", "0.5",
                    "KLINGDROP_BUDGET_UNKNOWN_PRICE", "allow"))
                .budget())
        .isEqualTo(new Settings.Budget(0.5, true));
    assertThat(
            faults(
                Map.of(
                    "KLINGDROP_BUDGET_CREDITS_PER_DAY", "-1",
                    "KLINGDROP_BUDGET_UNKNOWN_PRICE", "maybe")))
        .hasSize(2)
        .anyMatch(fault -> fault.contains("'-1' is not a number"));
  }

  @Test
  void allFaultsAreNamedAtOnceByTheNameTheirAuthorKnows() throws IOException {
    file("klingdrop.poll.minn = 5s\nklingdrop.submit.give-up = soon\n");
    assertThat(
            faults(
                Map.of(
                    "KLINGDROP_INBOX_SETLE", "1s",
                    "KLINGDROP_RESULT_MAX_SIZE", "2 gigs",
                    "KLINGDROP_PROVIDER_KIE_BASE_URL", "ftp://x",
                    "KLINGDROP_DELIVER_TARGETS", "s3")))
        .hasSize(6)
        .anyMatch(fault -> fault.contains("klingdrop.poll.minn") && fault.contains("poll.min?"))
        .anyMatch(fault -> fault.contains("klingdrop.submit.give-up") && fault.contains("soon"))
        .anyMatch(fault -> fault.contains("did you mean KLINGDROP_INBOX_SETTLE?"))
        .anyMatch(fault -> fault.startsWith("KLINGDROP_RESULT_MAX_SIZE"))
        .anyMatch(fault -> fault.startsWith("KLINGDROP_PROVIDER_KIE_BASE_URL"))
        .anyMatch(fault -> fault.startsWith("KLINGDROP_DELIVER_TARGETS"));
  }

  @Test
  void aSecretMayStandInAFileOfItsOwn() throws IOException {
    var secret = Files.writeString(folder.resolve("key"), "  top-secret\n");
    var settings = load(Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", secret.toString()));
    assertThat(settings.kie().apiKey()).isEqualTo("top-secret");
    assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", "/nowhere")))
        .singleElement()
        .asString()
        .contains("cannot be read");
  }

  @Test
  void aFileOfASecretThatCannotBeNamedIsAFaultLikeOthers() throws IOException {
    file("klingdrop.provider.kie.api-key_FILE=a\\u0000b\n");

    assertThat(faults(Map.of()))
        .singleElement()
        .asString()
        .contains("klingdrop.provider.kie.api-key_FILE", "cannot be read");
  }

  @Test
  void theProvidersOwnVariableGivesTheKeyUnlessOursDoes() {
    assertThat(load(Map.of("KIE_API_KEY", "theirs")).kie().apiKey()).isEqualTo("theirs");
    var both = Map.of("KIE_API_KEY", "theirs", "KLINGDROP_PROVIDER_KIE_API_KEY", "ours");
    assertThat(load(both).kie().apiKey()).isEqualTo("ours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"//api.kie.ai", "api.kie.ai", "ftp://api.kie.ai", "https://"})
  void anAddressThatIsNoneOfTheWebIsRefusedInWords(String address) {
    assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_BASE_URL", address)))
        .singleElement()
        .asString()
        .contains("KLINGDROP_PROVIDER_KIE_BASE_URL");
  }

  @Test
  void noSecretIsEverPrinted() {
    var settings =
        load(
            Map.of(
                "KIE_API_KEY", "hush-hush",
                "KLINGDROP_DB_URL", "jdbc:postgresql://db/x",
                "KLINGDROP_DB_PASSWORD", "hush-hush"));
    assertThat(settings + " " + settings.kie() + " " + settings.database())
        .doesNotContain("hush-hush");
  }

  @Test
  void aRateAboveTheProvidersIsObeyedWithAWarning() {
    var settings = load(Map.of("KLINGDROP_PROVIDER_KIE_CREATE_RATE", "100/1s"));
    assertThat(settings.kie().createRate()).isEqualTo(new Rate(100, Duration.ofSeconds(1)));
    assertThat(settings.warnings()).singleElement().asString().contains("20/10s");
  }

  @Test
  void aChannelIsAListOfEndpointsOrTheFoldersAlone() {
    var channels =
        load(Map.of(
                "KLINGDROP_CHANNEL_REJECTED", "jms:queue:a, kafka:b?brokers=x:1,y:2",
                "KLINGDROP_CHANNEL_RESULT", "file",
                "KLINGDROP_CHANNEL_CREDIT", ""))
            .outcomes()
            .channels();
    assertThat(channels.get("rejected")).containsExactly("jms:queue:a", "kafka:b?brokers=x:1,y:2");
    assertThat(channels.get("result")).isEmpty();
    assertThat(channels).doesNotContainKey("credit");
    assertThat(faults(Map.of("KLINGDROP_CHANNEL_REJECTED", "hush-hush")))
        .singleElement()
        .asString()
        .startsWith("KLINGDROP_CHANNEL_REJECTED")
        .doesNotContain("hush");
  }

  @Test
  void aWebhookNeedsASecretAndNeitherIsPrinted() {
    var url = "https://hooks.example/hush-hush";
    var secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    assertThat(faults(Map.of("KLINGDROP_WEBHOOK_URL", url)))
        .singleElement()
        .asString()
        .contains("klingdrop.webhook.secret", "needed");
    assertThat(
            faults(Map.of("KLINGDROP_WEBHOOK_URL", url, "KLINGDROP_WEBHOOK_SECRET", "hush-hush")))
        .singleElement()
        .asString()
        .contains("whsec_")
        .doesNotContain("hush");
    assertThat(faults(Map.of("KLINGDROP_WEBHOOK_URL", "https://u:hush@hooks.example")))
        .noneMatch(fault -> fault.contains("hush"));
    var webhook =
        load(Map.of("KLINGDROP_WEBHOOK_URL", url, "KLINGDROP_WEBHOOK_SECRET", secret))
            .outcomes()
            .webhook();
    assertThat(webhook.url()).isEqualTo(url);
    assertThat(webhook.giveUp()).isEqualTo(Duration.ofDays(1));
    assertThat(webhook + "").doesNotContain("hush").doesNotContain(secret);
  }

  @Test
  void boundsThatContradictEachOtherAreRefused() {
    assertThat(faults(Map.of("KLINGDROP_POLL_MIN", "2m")))
        .containsExactly("klingdrop.poll.max is shorter than klingdrop.poll.min");
    assertThat(faults(Map.of("KLINGDROP_INBOX_SCAN_PERIOD", "1ms")))
        .containsExactly("KLINGDROP_INBOX_SCAN_PERIOD: is 1ms, at least 100ms");
  }

  private static final Map<String, String> BUCKET = Map.of("KLINGDROP_S3_BUCKET", "studio");

  private static Map<String, String> bucketAnd(String... more) {
    var all = new java.util.TreeMap<>(BUCKET);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void aBucketAtAServerOfOnesOwnIsInThePathUnlessSaidOtherwise() {
    var aws = load(BUCKET).s3();
    assertThat(aws.pathStyle()).isFalse();
    assertThat(aws.region()).isEmpty();
    assertThat(aws.keys().unset()).isTrue();
    var own = load(bucketAnd("KLINGDROP_S3_ENDPOINT", "http://minio.example:9000")).s3();
    assertThat(own.pathStyle()).isTrue();
    assertThat(own.region()).isEqualTo("us-east-1");
    assertThat(own.place()).isEqualTo("bucket studio at http://minio.example:9000");
    assertThat(load(bucketAnd("KLINGDROP_S3_PREFIX", "films")).s3().prefix()).isEqualTo("films/");
    assertThat(load(bucketAnd("KLINGDROP_DELIVER_TARGETS", "s3, file")).deliver().targets())
        .containsExactly("s3", "file");
  }

  @Test
  void theKeysOfABucketAreNeverPrinted() throws IOException {
    var file = Files.writeString(folder.resolve("secret"), "hush-hush-hush");
    var settings =
        load(
            bucketAnd(
                "KLINGDROP_S3_ACCESS_KEY",
                "somebody",
                "KLINGDROP_S3_SECRET_KEY_FILE",
                file.toString()));
    assertThat(settings.s3().keys().secretKey()).isEqualTo("hush-hush-hush");
    assertThat(settings.s3().toString()).doesNotContain("somebody", "hush");
  }

  @Test
  void whatABucketCannotBeIsRefused() {
    assertThat(faults(Map.of("KLINGDROP_DELIVER_TARGETS", "file,s3")))
        .containsExactly("KLINGDROP_DELIVER_TARGETS names s3: set klingdrop.s3.bucket, too");
    assertThat(faults(Map.of("KLINGDROP_DELIVER_TARGETS", "file,ftp,file"))).hasSize(2);
    assertThat(faults(Map.of("KLINGDROP_MEDIA_PUBLISH", "s3")))
        .containsExactly("klingdrop.media.publish is s3: set klingdrop.s3.bucket, too");
    assertThat(faults(bucketAnd("KLINGDROP_S3_ACCESS_KEY", "alone")))
        .containsExactly("klingdrop.s3.access-key and klingdrop.s3.secret-key only work together");
    assertThat(faults(bucketAnd("KLINGDROP_S3_KEY", "{profil}/{name}")))
        .singleElement()
        .asString()
        .contains("{profil} is not known; did you mean profile?");
    for (var wrong :
        new String[][] {
          {"KLINGDROP_S3_BUCKET", "a/b"},
          {"KLINGDROP_S3_KEY", "{name}.mp4"},
          {"KLINGDROP_S3_KEY", "${name}"},
          {"KLINGDROP_S3_PREFIX", "/films"},
          {"KLINGDROP_S3_PREFIX", "${body}"},
          {"KLINGDROP_S3_PART_SIZE", "1MB"},
          {"KLINGDROP_S3_PATH_STYLE", "maybe"},
          {"KLINGDROP_MEDIA_TTL", "1h"},
          {"KLINGDROP_MEDIA_TTL", "8d"},
          {"KLINGDROP_MEDIA_PUBLISH_FOR", "nobody"},
        }) {
      assertThat(faults(bucketAnd(wrong))).as(wrong[0] + " = " + wrong[1]).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty",
        "'one\ntwo\n' | more than one line",
        "'one\n\n' | more than one line",
        "'käy' | no printable ASCII",
        "'k\u0007y' | no printable ASCII",
        "'a\tb' | no printable ASCII",
      })
  void aFileThatHoldsNoSecretIsNamedAndNothingOfItShown(String content, String said)
      throws IOException {
    var secret = Files.writeString(folder.resolve("key"), content);

    assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", secret.toString())))
        .singleElement()
        .asString()
        .startsWith("KLINGDROP_PROVIDER_KIE_API_KEY_FILE: the file " + secret)
        .endsWith(said)
        .doesNotContain("two");
  }

  @Test
  void aSecretOfWindowsEditorsIsReadWithoutMarkAndLineEnd() throws IOException {
    var secret = Files.writeString(folder.resolve("key"), "\ufefftop-secret\r\n");

    var settings = load(Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", secret.toString()));

    assertThat(settings.kie().apiKey()).isEqualTo("top-secret");
  }

  @Test
  void aPipeAFolderAndAHugeFileAreNoSecretsAndHoldNobodyUp() throws Exception {
    var huge = Files.writeString(folder.resolve("huge"), "x".repeat(8193));
    var pipe = folder.resolve("pipe");
    if (Files.isExecutable(Path.of("/usr/bin/mkfifo"))) {
      new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor();
    } else {
      Files.createDirectory(pipe);
    }

    for (var file : List.of(folder, pipe, huge)) {
      assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_API_KEY_FILE", file.toString())))
          .singleElement()
          .asString()
          .containsAnyOf("is not a regular file", "larger than 8 KB");
    }
  }

  @Test
  void aFaultInAnAddressDoesNotShowItsPassword() {
    assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_BASE_URL", "ftp://me:hush-hush@host")))
        .singleElement()
        .asString()
        .contains("…@host")
        .doesNotContain("hush");
    assertThat(faults(Map.of("KLINGDROP_PROVIDER_KIE_BASE_URL", "https://me:hush-hush@ho st")))
        .allSatisfy(fault -> assertThat(fault).doesNotContain("hush"));
  }
}
