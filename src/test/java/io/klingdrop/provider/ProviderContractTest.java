package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.provider.kie.KieCalls;
import io.klingdrop.provider.kie.KieProvider;
import io.klingdrop.provider.kling.KlingCalls;
import io.klingdrop.provider.kling.KlingProvider;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.Script;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.wire.HttpClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every provider account promises, whatever its dialect. */
class ProviderContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ACCOUNTS = List.of("kie", "comet", "relay", "kling");

  @TempDir private Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<AutoCloseable> open = new ArrayList<>();
  private int files;

  /** One account with the double that it talks to. */
  private record Side(
      Provider provider,
      String model,
      Script<Behaviour> create,
      Script<Behaviour> query,
      Script<TaskPlan> plan,
      IntSupplier accepted,
      IntSupplier creates) {}

  @AfterEach
  void close() throws Exception {
    camel.stop();
    for (var double_ : open) {
      double_.close();
    }
  }

  private Side side(String account) throws Exception {
    return account.equals("kie") ? kie() : kling(account);
  }

  private Side kie() throws Exception {
    var kie = FakeKie.start();
    open.add(kie);
    var settings =
        settings(
            "kie",
            Map.of(
                "base-url", kie.url().toString(),
                "upload-url", kie.url().toString(),
                "api-key", kie.key()));
    camel
        .getRegistry()
        .bind(KieCalls.UPLOAD_CLIENT, new HttpClients(ProxySettings.NONE).forUploads(settings));
    connect(new KieCalls(settings, JSON), KieCalls.CREATE_CLIENT, KieCalls.ASKING_CLIENT, settings);
    return new Side(
        new KieProvider(
            camel::createProducerTemplate,
            settings,
            ErrorTable.load(folder, "kie"),
            SettableTime.running()),
        "kling/v1-avatar-standard",
        kie.on(Endpoint.CREATE_TASK),
        kie.on(Endpoint.RECORD_INFO),
        kie.plan(),
        () -> kie.accepted().size(),
        kie::createCalls);
  }

  private Side kling(String account) throws Exception {
    var kling = FakeKling.start();
    open.add(kling);
    var settings =
        settings(account, Map.of("base-url", kling.url().toString(), "api-key", kling.key()));
    connect(
        new KlingCalls(settings),
        KlingCalls.createClient(account),
        KlingCalls.askingClient(account),
        settings);
    return new Side(
        new KlingProvider(
            camel::createProducerTemplate,
            settings,
            model -> Map.of("create", "/v1/videos/avatar/image2video"),
            ErrorTable.load(folder, "kling"),
            JSON,
            SettableTime.running()),
        "kling-avatar",
        kling.on(KlingEndpoint.CREATE_AVATAR),
        kling.on(KlingEndpoint.QUERY_AVATAR),
        kling.plan(),
        () -> kling.accepted().size(),
        kling::createCalls);
  }

  private ProviderSettings settings(String account, Map<String, String> values) {
    var overrides = new HashMap<String, String>();
    values.forEach(
        (key, value) -> overrides.put("klingdrop.provider." + account + "." + key, value));
    overrides.put("klingdrop.provider." + account + ".poll-rate", "1000/1s");
    overrides.put("klingdrop.submit.timeout", "700ms");
    overrides.put("klingdrop.poll.timeout", "700ms");
    return SettingsReader.load(folder, Map.of(), overrides).provider(account);
  }

  private void connect(
      RouteBuilder routes, String createClient, String askingClient, ProviderSettings settings)
      throws Exception {
    camel.getRegistry().bind(createClient, new HttpClients(ProxySettings.NONE).forCreate(settings));
    camel.getRegistry().bind(askingClient, new HttpClients(ProxySettings.NONE).forAsking(settings));
    camel.addRoutes(new AnswerRoutes());
    camel.addRoutes(routes);
    camel.start();
  }

  private TaskRequest request(Side side) throws Exception {
    var number = ++files;
    var image = TestMedia.png(folder.resolve(number + ".png"), 400, 400, number);
    var audio = TestMedia.wav(folder.resolve(number + ".wav"), Duration.ofSeconds(3), number);
    var embedded = new HashMap<String, Path>();
    ObjectNode input = JSON.createObjectNode().put("prompt", "");
    var kie = side.provider().name().equals("kie");
    place(
        side,
        TestMedia.media(image, "image/png", ".png"),
        kie ? "image_url" : "image",
        input,
        embedded);
    place(
        side,
        TestMedia.media(audio, "audio/wav", ".wav"),
        kie ? "audio_url" : "sound_file",
        input,
        embedded);
    return new TaskRequest(side.model(), "kd" + number, input, embedded, Optional.empty());
  }

  private static void place(
      Side side, Media media, String field, ObjectNode input, Map<String, Path> embedded)
      throws ProviderException, java.io.IOException {
    side.provider()
        .upload(media)
        .ifPresentOrElse(
            uploaded -> input.put(field, uploaded.url()), () -> embedded.put(field, media.file()));
  }

  private String accepted(Side side) throws Exception {
    return ((CreateAnswer.Accepted) side.provider().createTask(request(side))).taskId();
  }

  private static List<String> accounts() {
    return ACCOUNTS;
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void anAcceptedTaskIsFollowedToItsVideo(String account) throws Exception {
    var side = side(account);
    side.plan().next(TaskPlan.succeeds().states("submitted", "pondering", "success"));
    var id = accepted(side);

    assertThat(side.provider().recordInfo(side.model(), id)).isInstanceOf(TaskReport.Working.class);
    assertThat(side.provider().recordInfo(side.model(), id))
        .isEqualTo(new TaskReport.Working("pondering"));
    var done = (TaskReport.Done) side.provider().recordInfo(side.model(), id);
    assertThat(done.urls()).hasSize(1).allMatch(url -> url.startsWith("http"));
    assertThat(side.accepted().getAsInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void onlyTheProvidersOwnWordEndsATask(String account) throws Exception {
    var side = side(account);
    side.plan().next(TaskPlan.fails("501", "the machine broke"));
    var id = accepted(side);
    side.query()
        .next(
            Answers.html(),
            Answers.status(500),
            Answers.statusPage(502),
            Answers.invalidJson(),
            Answers.hugeJson(2_000_000),
            Faults.closeUnanswered(),
            Faults.hang());
    for (int i = 0; i < 7; i++) {
      assertThat(side.provider().recordInfo(side.model(), id))
          .isInstanceOf(TaskReport.NoWord.class);
    }
    var ended = (TaskReport.Ended) side.provider().recordInfo(side.model(), id);
    assertThat(ended.refusal().message()).isEqualTo("the machine broke");
    assertThat(ended.refusal().meaning()).isEqualTo(Meaning.GENERATION);
  }

  private static Stream<Object[]> lost() {
    var ways =
        Map.of(
            "reset", Faults.acceptThenReset(),
            "close", Faults.acceptThenClose(),
            "hang", Faults.acceptThenHang(),
            "bare 502", Faults.acceptThenStatus(502),
            "truncated", Faults.acceptThenTruncate(),
            "html", Answers.html().afterAccepting(),
            "no json", Answers.invalidJson().afterAccepting());
    return ACCOUNTS.stream()
        .flatMap(
            account ->
                ways.entrySet().stream()
                    .map(way -> new Object[] {account, way.getKey(), way.getValue()}));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("lost")
  void anAnswerThatSaysNothingIsLostAndNeverAskedForTwice(
      String account, String way, Behaviour behaviour) throws Exception {
    var side = side(account);
    side.create().next(behaviour);

    assertThat(side.provider().createTask(request(side)))
        .as(way)
        .isInstanceOf(CreateAnswer.Lost.class);
    assertThat(side.creates().getAsInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void whatNeverReachedTheProviderIsARefusal(String account) throws Exception {
    var side = side(account);
    var request = request(side);
    for (var double_ : open) {
      double_.close();
    }
    var answer = side.provider().createTask(request);
    assertThat(answer).isInstanceOf(CreateAnswer.Refused.class);
    assertThat(((CreateAnswer.Refused) answer).refusal().meaning()).isEqualTo(Meaning.BUSY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"comet", "relay", "kling"})
  void aTaskIsFoundByTheIdWeGaveIt(String account) throws Exception {
    var side = side(account);
    side.create().next(Faults.acceptThenClose());
    var request = request(side);
    side.provider().createTask(request);

    assertThat(side.provider().find(side.model(), request.externalId()))
        .isInstanceOf(Sighting.Found.class);
    assertThat(side.provider().find(side.model(), "never-given"))
        .isInstanceOf(Sighting.NotThere.class);
    side.query().next(Answers.html());
    assertThat(side.provider().find(side.model(), request.externalId()))
        .isInstanceOf(Sighting.NoWord.class);
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void anUnsetAccountRefusesEverythingAndSendsNothing(String account) {
    var provider = new NotSetUp(account, "no key is set");
    assertThat(
            provider.createTask(
                new TaskRequest("m", "id", JSON.createObjectNode(), Map.of(), Optional.empty())))
        .isInstanceOf(CreateAnswer.Refused.class);
    assertThat(provider.recordInfo("m", "1")).isInstanceOf(TaskReport.Closed.class);
    assertThatThrownBy(provider::credit)
        .isInstanceOf(ProviderException.class)
        .hasMessage("no key is set");
  }
}
