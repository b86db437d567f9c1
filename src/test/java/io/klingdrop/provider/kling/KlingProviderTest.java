package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.time.Time;
import io.klingdrop.wire.HttpClients;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Kling's own: tokens, where tasks are asked for, media inside the request. */
class KlingProviderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AVATAR = "/v1/videos/avatar/image2video";

  @TempDir private Path folder;
  private final FakeKling kling = FakeKling.start("/kling");
  private final DefaultCamelContext camel = new DefaultCamelContext();

  @AfterEach
  void close() {
    camel.stop();
    kling.close();
  }

  private KlingProvider provider(String account, Map<String, String> values, Time clock)
      throws Exception {
    var prefix = "klingdrop.provider." + account + ".";
    var overrides = new HashMap<String, String>();
    overrides.put(prefix + "base-url", kling.url().toString());
    overrides.put(prefix + "poll-rate", "1000/1s");
    values.forEach((key, value) -> overrides.put(prefix + key, value));
    var settings = SettingsReader.load(folder, Map.of(), overrides).provider(account);
    camel
        .getRegistry()
        .bind(
            KlingCalls.createClient(account),
            new HttpClients(ProxySettings.NONE).forCreate(settings));
    camel
        .getRegistry()
        .bind(
            KlingCalls.askingClient(account),
            new HttpClients(ProxySettings.NONE).forAsking(settings));
    camel.addRoutes(new AnswerRoutes());
    camel.addRoutes(new KlingCalls(settings));
    camel.start();
    return new KlingProvider(
        camel::createProducerTemplate,
        settings,
        model -> Map.of("create", AVATAR, "optionals", "audio_id prompt"),
        ErrorTable.load(folder, "kling"),
        JSON,
        clock);
  }

  private KlingProvider comet() throws Exception {
    return provider("comet", Map.of("api-key", kling.key()), SettableTime.running());
  }

  private TaskRequest request() throws Exception {
    return new TaskRequest(
        "kling-avatar",
        "kd1",
        JSON.createObjectNode().put("mode", "std"),
        Map.of(
            "image", TestMedia.png(folder.resolve("a.png"), 400, 400, 1),
            "sound_file", TestMedia.wav(folder.resolve("a.wav"), Duration.ofSeconds(3), 1)),
        Optional.empty());
  }

  @Test
  void aTokenThatIsCalledExpiredIsMintedAnewAndTheCallMadeOnceMore() throws Exception {
    kling.addAccessKey("access-key", "a-secret-of-some-length");
    var provider =
        provider(
            "kling",
            Map.of("access-key", "access-key", "secret-key", "a-secret-of-some-length"),
            SettableTime.running());
    kling.on(KlingEndpoint.CREATE_AVATAR).next(kling.error(1004));
    var accepted = (CreateAnswer.Accepted) provider.createTask(request());
    kling.on(KlingEndpoint.QUERY_AVATAR).next(kling.error(1003));

    assertThat(provider.recordInfo("kling-avatar", accepted.taskId()))
        .isInstanceOf(TaskReport.Done.class);
    assertThat(kling.createCalls()).isEqualTo(2);
    assertThat(kling.accepted()).hasSize(1);

    kling.on(KlingEndpoint.QUERY_AVATAR).next(kling.error(1004), kling.error(1004));
    assertThat(provider.recordInfo("kling-avatar", accepted.taskId()))
        .isInstanceOf(TaskReport.Closed.class);
  }

  @Test
  void aQuestionIsAskedAgainWithAFreshTokenThoughItsRefusalNamesTheTask() throws Exception {
    kling.addAccessKey("access-key", "a-secret-of-some-length");
    var provider =
        provider(
            "kling",
            Map.of("access-key", "access-key", "secret-key", "a-secret-of-some-length"),
            SettableTime.running());
    var accepted = (CreateAnswer.Accepted) provider.createTask(request());
    var refusal = "{\"code\": 1004, \"message\": \"expired\", \"data\": {\"task_id\": \"%s\"}}";
    kling.on(KlingEndpoint.QUERY_AVATAR).next(Answers.json(refusal.formatted(accepted.taskId())));

    assertThat(provider.recordInfo("kling-avatar", accepted.taskId()))
        .isInstanceOf(TaskReport.Done.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'code': 1004, 'message': 'expired', 'data': {'task_id': 'task-1'}}",
        "{'code': 1101, 'message': 'no credits', 'data': {'id': 'task-1'}}",
        "{'error': {'code': 1004, 'message': 'expired'}, 'data': {'task_id': 'task-1'}}"
      })
  void aRefusalThatNamesATaskIsATaskAndTheCallIsNotMadeAgain(String answer) throws Exception {
    kling.addAccessKey("access-key", "a-secret-of-some-length");
    var provider =
        provider(
            "kling",
            Map.of("access-key", "access-key", "secret-key", "a-secret-of-some-length"),
            SettableTime.running());
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Answers.json(answer.replace('\'', '"')));

    assertThat(provider.createTask(request())).isEqualTo(new CreateAnswer.Accepted("task-1"));
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aTokenIsUsedForTwentyFiveMinutesAndSaysWhatTheDocumentsSay() {
    var now = new AtomicReference<>(Instant.parse("2026-10-01T10:00:00Z"));
    var tokens = new KlingTokens(new ProviderSettings.Keys("", "ak", "sk", ""), now::get);
    var first = tokens.authorization();
    var token = JWT.decode(first.substring("Bearer ".length()));
    assertThat(token.getAlgorithm()).isEqualTo("HS256");
    assertThat(token.getType()).isEqualTo("JWT");
    assertThat(token.getClaims()).containsOnlyKeys("iss", "exp", "nbf");
    assertThat(token.getIssuer()).isEqualTo("ak");
    assertThat(token.getExpiresAtAsInstant()).isEqualTo(now.get().plusSeconds(1800));
    assertThat(token.getNotBeforeAsInstant()).isEqualTo(now.get().minusSeconds(5));

    now.set(now.get().plus(Duration.ofMinutes(25)));
    assertThat(tokens.authorization()).isEqualTo(first);
    now.set(now.get().plusSeconds(1));
    assertThat(tokens.authorization()).isNotEqualTo(first);
  }

  @Test
  void aBearerKeyThatIsRefusedIsNotTriedTwice() throws Exception {
    var provider = comet();
    kling.on(KlingEndpoint.CREATE_AVATAR).next(kling.error(1004));
    var answer = (CreateAnswer.Refused) provider.createTask(request());
    assertThat(answer.refusal().meaning()).isEqualTo(Meaning.KEY);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aQueryPathThatLeadsNowhereIsFollowedByTheNext() throws Exception {
    var provider = comet();
    kling.findTasksOnAnyPath();
    var id = ((CreateAnswer.Accepted) provider.createTask(request())).taskId();
    kling.on(KlingEndpoint.QUERY_AVATAR).always(Answers.movedTo("https://elsewhere.invalid/"));

    assertThat(provider.recordInfo("kling-avatar", id)).isInstanceOf(TaskReport.Done.class);
    var before = kling.calls(KlingEndpoint.QUERY_AVATAR);
    assertThat(provider.recordInfo("kling-avatar", id)).isInstanceOf(TaskReport.Done.class);
    assertThat(kling.calls(KlingEndpoint.QUERY_AVATAR)).isEqualTo(before);
  }

  @Test
  void anotherPathThatDoesNotKnowTheTaskProvesNothing() throws Exception {
    var provider = comet();
    var id = ((CreateAnswer.Accepted) provider.createTask(request())).taskId();
    kling.on(KlingEndpoint.QUERY_AVATAR).next(Answers.html());

    assertThat(provider.recordInfo("kling-avatar", id)).isInstanceOf(TaskReport.NoWord.class);
    assertThat(provider.recordInfo("kling-avatar", id)).isInstanceOf(TaskReport.Done.class);
  }

  @Test
  void klingsErrorInsideARelaysMessageIsUnpacked() throws Exception {
    var provider = comet();
    kling
        .on(KlingEndpoint.CREATE_AVATAR)
        .next(FakeKling.newApiError(500, "fail_to_fetch_task", 1301));
    var refusal = ((CreateAnswer.Refused) provider.createTask(request())).refusal();
    assertThat(refusal.meaning()).isEqualTo(Meaning.REJECTED);
    assertThat(refusal.code()).isEqualTo("1301");
  }

  @Test
  void aTaskIdStaysText() throws Exception {
    var provider = comet();
    kling
        .on(KlingEndpoint.CREATE_AVATAR)
        .next(Answers.json("{\"code\":\"0\",\"data\":{\"task_id\":878106242831892487123}}"));
    assertThat(provider.createTask(request()))
        .isEqualTo(new CreateAnswer.Accepted("878106242831892487123"));
  }

  @Test
  void theKeyNeverComesBackInAMessage() throws Exception {
    var provider = comet();
    kling
        .on(KlingEndpoint.CREATE_AVATAR)
        .next(FakeKling.cometError(401, "bad token " + kling.key(), ""));
    var refusal = ((CreateAnswer.Refused) provider.createTask(request())).refusal();
    assertThat(refusal.message()).contains("[key]").doesNotContain(kling.key());
  }

  @Test
  void extraFieldsGoIntoEveryRequest() throws Exception {
    var provider =
        provider(
            "relay",
            Map.of("api-key", kling.key(), "extra-body", "{\"model\":\"kling-avatar\"}"),
            SettableTime.running());
    provider.createTask(request());
    var request = kling.accepted().get(0).request();
    assertThat(request.path("model").asText()).isEqualTo("kling-avatar");
    assertThat(request.path("audio_id").asText("absent")).isEmpty();
    assertThat(request.path("external_task_id").asText()).isEqualTo("kd1");
  }

  @Test
  void theFreeQuestionTestsTheKey() throws Exception {
    var provider = comet();
    assertThat(fault(provider)).isIn("", "no-word");
    kling.forgetKeys();
    assertThat(fault(provider)).isEqualTo("key");
  }

  private static String fault(KlingProvider provider) {
    try {
      provider.credit();
      return "";
    } catch (ProviderException e) {
      return e.refusal().meaning().word();
    }
  }

  @Test
  void mediaAreWrittenAsBase64WhileTheBodyIsSent() throws Exception {
    var bytes = new byte[1_000_001];
    new Random(7).nextBytes(bytes);
    var file = Files.write(folder.resolve("voice"), bytes);
    var fields = JSON.createObjectNode().put("prompt", "ünï").put("sound_file", "");
    var entity = new KlingCreateBody(fields, Map.of("sound_file", file), JSON).entity();
    var out = new ByteArrayOutputStream();
    entity.writeTo(out);

    assertThat(entity.getContentLength()).isEqualTo(out.size());
    var read = JSON.readTree(out.toByteArray());
    assertThat(read.path("prompt").asText()).isEqualTo("ünï");
    assertThat(Base64.getDecoder().decode(read.path("sound_file").asText()))
        .asInstanceOf(InstanceOfAssertFactories.BYTE_ARRAY)
        .isEqualTo(bytes);
  }
}
