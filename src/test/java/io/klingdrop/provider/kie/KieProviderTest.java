package io.klingdrop.provider.kie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.ResultShape;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.wire.HttpClients;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The dialect over real routes and real HTTP. */
class KieProviderTest {
  private static final String MODEL = "kling/v1-avatar-standard";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private FakeKie kie;
  private DefaultCamelContext camel;
  private KieProvider provider;

  @BeforeEach
  void connect() throws Exception {
    kie = FakeKie.start();
    camel = new DefaultCamelContext();
    provider = provider(kie.url(), kie.key());
  }

  private KieProvider provider(URI url, String key) throws Exception {
    var settings =
        SettingsReader.load(
                folder,
                Map.of(
                    "KLINGDROP_PROVIDER_KIE_BASE_URL",
                    url.toString(),
                    "KLINGDROP_PROVIDER_KIE_UPLOAD_URL",
                    url.toString(),
                    "KLINGDROP_PROVIDER_KIE_API_KEY",
                    key,
                    "KLINGDROP_PROVIDER_KIE_POLL_RATE",
                    "1000/1s",
                    "KLINGDROP_SUBMIT_TIMEOUT",
                    "700ms",
                    "KLINGDROP_POLL_TIMEOUT",
                    "700ms"),
                Map.of())
            .kie();
    camel
        .getRegistry()
        .bind(KieCalls.CREATE_CLIENT, new HttpClients(ProxySettings.NONE).forCreate(settings));
    camel
        .getRegistry()
        .bind(KieCalls.ASKING_CLIENT, new HttpClients(ProxySettings.NONE).forAsking(settings));
    camel
        .getRegistry()
        .bind(KieCalls.UPLOAD_CLIENT, new HttpClients(ProxySettings.NONE).forUploads(settings));
    camel.addRoutes(new AnswerRoutes());
    camel.addRoutes(new KieCalls(settings, JSON));
    camel.start();
    return new KieProvider(
        camel::createProducerTemplate,
        settings,
        ErrorTable.load(folder, "kie"),
        SettableTime.running());
  }

  @AfterEach
  void disconnect() {
    camel.stop();
    kie.close();
  }

  private ObjectNode input() throws Exception {
    var image =
        provider.upload(
            TestMedia.media(
                TestMedia.png(folder.resolve("a.png"), 400, 400, 1), "image/png", ".png"));
    var audio =
        provider.upload(
            TestMedia.media(
                TestMedia.wav(folder.resolve("a.wav"), Duration.ofSeconds(2), 1),
                "audio/wav",
                ".wav"));
    return JSON.createObjectNode()
        .put("image_url", image.orElseThrow().url())
        .put("audio_url", audio.orElseThrow().url())
        .put("prompt", "");
  }

  private static TaskRequest task(ObjectNode input) {
    return new TaskRequest(MODEL, "kd1", input, Map.of(), Optional.empty());
  }

  private String accepted() throws Exception {
    return ((CreateAnswer.Accepted) provider.createTask(task(input()))).taskId();
  }

  private Meaning refused() throws Exception {
    var answer = provider.createTask(task(input()));
    assertThat(answer).isInstanceOf(CreateAnswer.Refused.class);
    return ((CreateAnswer.Refused) answer).refusal().meaning();
  }

  @Test
  void anUploadHasItsTypeAndAPathOfItsOwn() throws Exception {
    input();
    input();
    assertThat(kie.uploads()).hasSize(4);
    assertThat(kie.uploads()).extracting(upload -> upload.url()).doesNotHaveDuplicates();
    assertThat(kie.uploads().get(0).contentType()).isEqualTo("image/png");
    assertThat(kie.uploads().get(0).storedName()).endsWith(".png");
    assertThat(kie.uploads().get(1).contentType()).isEqualTo("audio/wav");
  }

  @ParameterizedTest
  @CsvSource({"0, other bytes of one size", "0, more", "-1, fewer"})
  void aFileThatChangedSinceItWasCheckedIsNotUploaded(int length, String how) throws Exception {
    var file = TestMedia.png(folder.resolve("a.png"), 400, 400, 1);
    var media = TestMedia.media(file, "image/png", ".png");
    try (var open = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var at = how.equals("more") ? open.size() : open.size() - 1;
      if (length < 0) {
        open.truncate(open.size() + length);
      } else {
        open.write(ByteBuffer.wrap(new byte[] {1}), at);
      }
    }

    var refused = catchThrowableOfType(ProviderException.class, () -> provider.upload(media));

    assertThat(refused.refusal().meaning()).isEqualTo(Meaning.INVALID);
    assertThat(refused).hasMessageContaining("changed since it was checked");
    assertThat(kie.uploads()).isEmpty();
  }

  @Test
  void anAcceptedTaskHasItsIdVerbatim() throws Exception {
    var taskId = accepted();
    assertThat(kie.accepted()).hasSize(1);
    assertThat(kie.accepted().get(0).taskId()).isEqualTo(taskId);
    assertThat(kie.accepted().get(0).request().path("model").asText()).isEqualTo(MODEL);
  }

  @Test
  void aTaskIdThatIsANumberIsKeptAsText() throws Exception {
    kie.on(Endpoint.CREATE_TASK)
        .next(Answers.json("{\"code\":\"200\",\"msg\":\"ok\",\"data\":{\"taskId\":87810624}}"));
    assertThat(accepted()).isEqualTo("87810624");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments(Answers.envelope(401, "Unauthorized – Authentication failed."), Meaning.KEY),
        arguments(Answers.envelope(402, "Insufficient credits"), Meaning.CREDIT),
        arguments(Answers.envelope(500, "Credits insufficient"), Meaning.CREDIT),
        arguments(Answers.envelope(422, "Credits insufficient"), Meaning.CREDIT),
        arguments(Answers.envelope(433, "sub-key limit"), Meaning.CAP),
        arguments(Answers.tooFrequent(), Meaning.RATE),
        arguments(Answers.retryAfter(429, "3"), Meaning.RATE),
        arguments(Answers.envelope(455, "maintenance"), Meaning.MAINTENANCE),
        arguments(Answers.envelope(505, "disabled"), Meaning.DISABLED),
        arguments(Answers.envelope(500, "aspect_ratio is required"), Meaning.INVALID),
        arguments(Answers.envelope(422, "This field is required"), Meaning.INVALID),
        arguments(Answers.envelopeWithMessage(422, "aspect ratio unavailable"), Meaning.INVALID),
        arguments(Answers.envelope(422, "flagged as sensitive"), Meaning.REJECTED),
        arguments(Answers.envelope(500, "Server exception, please try again later"), Meaning.BUSY),
        arguments(Answers.envelope(500, "Internal Error"), Meaning.BUSY),
        arguments(Answers.envelope(501, "whatever"), Meaning.BUSY),
        arguments(Answers.statusEnvelope(500, 422, "bad field"), Meaning.INVALID),
        arguments(Answers.status(503), Meaning.BUSY),
        arguments(Answers.status(429), Meaning.RATE),
        arguments(Answers.status(404), Meaning.BUSY),
        arguments(Answers.redirectTo(URI.create("http://127.0.0.1:1/")), Meaning.BUSY));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalMeansWhatItsCodeAndWordsSayAndIsNeverSentAgain(Behaviour answer, Meaning meaning)
      throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(answer);
    assertThat(refused()).isEqualTo(meaning);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(kie.accepted()).isEmpty();
  }

  static Stream<Behaviour> lostAnswers() {
    return Stream.of(
        Faults.acceptThenReset(),
        Faults.acceptThenClose(),
        Faults.acceptThenHang(),
        Faults.acceptThenStatus(500),
        Faults.acceptThenStatus(502),
        Faults.acceptThenStatus(504),
        Faults.acceptThenStatus(524),
        Faults.acceptThenTruncate(),
        Faults.gibberish().afterAccepting(),
        Answers.html().afterAccepting(),
        Answers.invalidJson().afterAccepting(),
        Answers.truncatedJson().afterAccepting(),
        Answers.dataIs("null").afterAccepting(),
        Answers.dataIs("[1,2]").afterAccepting(),
        Answers.dataIs("{\"taskId\":\"\"}").afterAccepting());
  }

  @ParameterizedTest
  @MethodSource("lostAnswers")
  void anAnswerThatIsNotDefiniteIsLostAndNeverSentAgain(Behaviour behaviour) throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(behaviour);
    assertThat(provider.createTask(task(input()))).isInstanceOf(CreateAnswer.Lost.class);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(kie.accepted()).hasSize(1);
  }

  @Test
  void whatNeverReachedTheProviderIsARefusal() throws Exception {
    var input = input();
    kie.goDark();
    var answer = provider.createTask(task(input));
    assertThat(answer).isInstanceOf(CreateAnswer.Refused.class);
    assertThat(((CreateAnswer.Refused) answer).refusal().meaning()).isEqualTo(Meaning.BUSY);
  }

  @Test
  void anEndlessAnswerIsReadOnlySoFar() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Answers.hugeJson(100_000_000L).afterAccepting());
    assertThat(provider.createTask(task(input()))).isInstanceOf(CreateAnswer.Lost.class);
  }

  @Test
  void theKeyNeverComesBackInAMessage() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Answers.envelope(422, "bad key " + kie.key() + "!"));
    var answer = provider.createTask(task(input()));
    assertThat(answer.toString() + provider).doesNotContain(kie.key()).contains("[key]");
  }

  @Test
  void aTaskIsFollowedToItsResults() throws Exception {
    kie.plan().next(TaskPlan.succeeds().states("waiting", "pondering", "success").videos(2));
    var taskId = accepted();
    assertThat(provider.recordInfo(MODEL, taskId)).isEqualTo(new TaskReport.Working("waiting"));
    assertThat(provider.recordInfo(MODEL, taskId)).isEqualTo(new TaskReport.Working("pondering"));
    var done = (TaskReport.Done) provider.recordInfo(MODEL, taskId);
    assertThat(done.urls()).hasSize(2).allMatch(url -> url.contains("/result/"));
    assertThat(done.credits()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "1787237335813, 1787237473583, 137770",
        "1787237335813, null, none",
        "1787237335813, 1787237335813, none",
        "1787237335813, 1787237335000, none",
        "null, 1787237473583, none",
        "'\"soon\"', 1787237473583, none"
      })
  void theRunTimeIsWhatTheRecordsOwnTimesSay(String created, String completed, Long millis)
      throws Exception {
    var record =
        new ObjectMapper()
            .readTree("{\"createTime\":%s,\"completeTime\":%s}".formatted(created, completed));
    assertThat(KieAnswer.took(record)).isEqualTo(millis == null ? null : Duration.ofMillis(millis));
    assertThat(KieAnswer.took(new ObjectMapper().createObjectNode())).isNull();
  }

  @ParameterizedTest
  @CsvSource({"STRING,1", "OBJECT,1", "EMPTY,0", "NULL,0", "GARBAGE,0", "NO_URLS,0"})
  void resultsComeFromResultJsonAloneWhateverItsShape(ResultShape shape, int urls)
      throws Exception {
    kie.plan().next(TaskPlan.succeeds().result(shape));
    assertThat(((TaskReport.Done) provider.recordInfo(MODEL, accepted())).urls()).hasSize(urls);
  }

  @ParameterizedTest
  @CsvSource({
    "500,'Internal Error, Please try again later.',GENERATION",
    "501,Generation failed,GENERATION",
    "400,Request blocked: blocked by Google safety review.,REJECTED",
    "422,CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.,REJECTED",
    "SENSITIVE_WORD_ERROR,no,REJECTED",
    "400,bad,INVALID",
    "500,resource download failed,INVALID",
    "402,Insufficient balance,GENERATION",
    "MODEL_NOT_FOUND,gone,GENERATION"
  })
  void aTaskThatEndedInFailIsClassedByCodeAndWords(String code, String message, Meaning meaning)
      throws Exception {
    kie.plan().next(TaskPlan.fails(code, message));
    var ended = (TaskReport.Ended) provider.recordInfo(MODEL, accepted());
    assertThat(ended.refusal().meaning()).isEqualTo(meaning);
    assertThat(ended.refusal().code()).isEqualTo(code);
    assertThat(ended.refusal().message()).isEqualTo(message);
  }

  static Stream<Arguments> looks() {
    return Stream.of(
        arguments(Answers.html(), TaskReport.NoWord.class),
        arguments(Answers.invalidJson(), TaskReport.NoWord.class),
        arguments(Answers.envelope(500, "Server exception"), TaskReport.NoWord.class),
        arguments(Answers.envelope(408, "upstream is silent"), TaskReport.NoWord.class),
        arguments(Answers.statusPage(502), TaskReport.NoWord.class),
        arguments(Faults.resetBeforeRead(), TaskReport.NoWord.class),
        arguments(Faults.hang(), TaskReport.NoWord.class),
        arguments(Answers.dataIs("{\"state\":\"\"}"), TaskReport.NoWord.class),
        arguments(Answers.dataIs("null"), TaskReport.NotKnown.class),
        arguments(Answers.envelope(422, "recordInfo is null"), TaskReport.NotKnown.class),
        arguments(Answers.envelope(404, "Task not found"), TaskReport.NotKnown.class),
        arguments(Answers.envelope(401, "Unauthorized"), TaskReport.Closed.class),
        arguments(Answers.tooFrequent(), TaskReport.Closed.class),
        arguments(Answers.envelope(455, "maintenance"), TaskReport.Closed.class),
        arguments(Answers.envelope(501, "Generation failed"), TaskReport.Ended.class));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void aLookThatBringsNoWordEndsNothing(Behaviour answer, Class<TaskReport> report)
      throws Exception {
    kie.holdTasks();
    var taskId = accepted();
    kie.on(Endpoint.RECORD_INFO).next(answer);
    assertThat(provider.recordInfo(MODEL, taskId)).isInstanceOf(report);
    assertThat(kie.recordInfoCalls()).isEqualTo(1);
  }

  @Test
  void creditsMayBeFractions() throws Exception {
    kie.balance("5916.25");
    assertThat(provider.credit().orElseThrow()).isEqualByComparingTo("5916.25");
  }

  @Test
  void aWrongKeyIsSaidToBeOne() {
    kie.useKey("another-key-entirely");
    var refusal = catchThrowableOfType(ProviderException.class, provider::credit).refusal();
    assertThat(refusal.meaning()).isEqualTo(Meaning.KEY);
  }

  @Test
  void aFreshAddressIsAskedForByTheOldOne() throws Exception {
    var done = (TaskReport.Done) provider.recordInfo(MODEL, accepted());
    assertThat(provider.downloadUrl(done.urls().get(0))).startsWith(kie.url().toString());
    assertThat(
            catchThrowableOfType(
                    ProviderException.class, () -> provider.downloadUrl("https://example.org/x"))
                .getMessage())
        .contains("url is wrong");
  }
}
