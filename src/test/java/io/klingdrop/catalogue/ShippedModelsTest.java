package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.klingdrop.catalogue.RequestComposer.Composed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code config/models} and {@code config/profiles} as they are shipped. */
class ShippedModelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODELS = Path.of("config/models");
  private static final Path PROFILES = Path.of("config/profiles");
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  @Test
  void theIndexNamesEveryModelFileAndWhatIsInIt() throws IOException {
    Map<String, String> onDisk = new LinkedHashMap<>();
    for (Path file : yamlFiles(MODELS)) {
      var problems = new ArrayList<String>();
      Model model =
          ModelReader.read(YamlText.parse(Files.readString(file), file.toString()), problems)
              .orElseThrow(() -> new AssertionError(problems.toString()));
      onDisk.put(
          MODELS.relativize(file).toString().replace('\\', '/'),
          model.provider() + " " + model.id());
    }
    Map<String, String> indexed =
        BuiltIn.models().stream()
            .collect(
                Collectors.toMap(
                    BuiltIn.Entry::path,
                    entry -> entry.model().provider() + " " + entry.model().id()));
    assertThat(indexed).isEqualTo(onDisk);
  }

  @Test
  void theIndexNamesEveryProfileFile() throws IOException {
    assertThat(BuiltIn.profiles())
        .containsExactlyInAnyOrderElementsOf(
            yamlFiles(PROFILES).stream().map(file -> file.getFileName().toString()).toList());
  }

  @Test
  void aModelFileLiesInTheFolderOfItsProvider() {
    assertThat(BuiltIn.models())
        .allSatisfy(entry -> assertThat(entry.path()).startsWith(entry.model().provider() + "/"));
  }

  static Stream<Model> models() {
    return CATALOGUE.models().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theInputOfAModelIsAValidSchema(Model model) {
    var metaSchema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));
    assertThat(metaSchema.validate(model.input().json())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theDefaultsOfAModelPassItsOwnRules(Model model) {
    ObjectNode input = JSON.createObjectNode();
    for (String name : model.input().names()) {
      model.input().defaultOf(name).ifPresent(value -> input.set(name, value));
    }
    assertThat(model.input().validate(input))
        .allSatisfy(breach -> assertThat(breach.keyword()).isEqualTo("required"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelTakesOneImageAndItsRequiredFieldsAreSet(Model model) {
    assertThat(model.needsImage()).isTrue();
    assertThat(model.slot(MediaRole.IMAGE))
        .hasValueSatisfying(
            slot -> {
              assertThat(slot.max()).isEqualTo(1);
              assertThat(slot.taker()).isEqualTo(model.id() + " at " + model.provider());
            });
    assertThat(model.source()).contains("20");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kling-v1-avatar-standard",
        "kling-v2-1-standard",
        "kling-2-6-image-to-video",
      })
  void thePagesOwnExampleIsComposedFromItsParameters(String name) throws IOException {
    JsonNode request =
        JSON.readTree(getClass().getResourceAsStream("/catalogue/requests/" + name + ".json"));
    Model model = CATALOGUE.model("kie", request.path("model").asText()).orElseThrow();
    Map<String, Parameters.Setting> settings = new LinkedHashMap<>();
    request
        .path("input")
        .properties()
        .forEach(
            entry -> {
              if (!model.mediaFields().contains(entry.getKey())) {
                settings.put(entry.getKey(), new Parameters.Setting(entry.getValue(), "example:1"));
              }
            });

    Composed composed = RequestComposer.compose(model, new Parameters(settings));

    assertThat(composed.findings()).isEmpty();
    ObjectNode input = composed.input();
    model
        .media()
        .forEach(
            (role, slot) -> {
              JsonNode media = request.path("input").path(slot.field());
              assertThat(media.isArray()).isEqualTo(slot.list());
              slot.addTo(input, List.of(media.isArray() ? media.get(0).asText() : media.asText()));
            });
    assertThat(input).isEqualTo(request.path("input"));
  }

  @Test
  void theShippedProfilesAskForWhatTheirModelsTake() {
    assertThat(CATALOGUE.profiles())
        .extracting(Profile::name, Profile::provider, Profile::model)
        .containsExactly(
            tuple("avatar", "kie", "kling/v1-avatar-standard"),
            tuple("ai-avatar", "kie", "kling/ai-avatar-standard"),
            tuple("v2-1", "kie", "kling/v2-1-standard"),
            tuple("kling-2-6", "kie", "kling-2.6/image-to-video"),
            tuple("comet-avatar", "comet", "kling-avatar"),
            tuple("relay-avatar", "relay", "kling-avatar"),
            tuple("kling-avatar", "kling", "kling-avatar"),
            tuple("comet-image2video", "comet", "kling-image2video"),
            tuple("relay-image2video", "relay", "kling-image2video"),
            tuple("kling-image2video", "kling", "kling-image2video"));
    assertThat(CATALOGUE.checkProfiles()).isEmpty();
  }

  @Test
  void theAvatarAsksForAnEmptyPromptWhenNoneIsGiven() {
    Profile avatar = CATALOGUE.profile("avatar").orElseThrow();
    Composed composed = RequestComposer.compose(CATALOGUE.modelOf(avatar), avatar.parameters());
    assertThat(composed.refused()).isFalse();
    assertThat(composed.input()).hasToString("{\"prompt\":\"\"}");
  }

  @Test
  void cometIsSentANeutralPromptThatMakesNoOtherRequestOfIt() {
    Model comet = CATALOGUE.model("comet", "kling-avatar").orElseThrow();
    Composed composed = RequestComposer.compose(comet, Parameters.none());
    assertThat(composed.refused()).isFalse();
    assertThat(composed.input()).hasToString("{}");
    var sent = composed.input();
    comet.fill(sent);
    assertThat(sent).hasToString("{\"prompt\":\"The person looks into the camera and speaks.\"}");
    sent.put("prompt", "  ");
    comet.fill(sent);
    assertThat(sent.path("prompt").asText()).isNotBlank();
    sent.put("prompt", "wave");
    comet.fill(sent);
    assertThat(sent.path("prompt").asText()).isEqualTo("wave");
    CATALOGUE.models().stream()
        .filter(model -> !model.equals(comet))
        .forEach(model -> assertThat(model.unlessGiven()).as(model.label()).isEmpty());
  }

  @Test
  void infiniteTalkIsToldOfMoreThanFifteenSeconds() {
    var voice =
        CATALOGUE
            .model("kie", "infinitalk/from-audio")
            .orElseThrow()
            .slot(MediaRole.AUDIO)
            .orElseThrow();
    assertThat(
            voice.check(
                "audio/mpeg",
                1000,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(Duration.ofSeconds(16))))
        .extracting(Finding::severity, Finding::key)
        .containsExactly(tuple(Finding.Severity.WARN, "audio.length"));
  }

  @Test
  void everyModelThatNamesTypesOfSoundNamesHowItIsStored() {
    CATALOGUE.models().stream()
        .flatMap(model -> model.slot(MediaRole.AUDIO).stream())
        .forEach(
            slot ->
                assertThat(slot.codecs().isEmpty())
                    .as(slot.taker())
                    .isEqualTo(slot.hard().types().isEmpty()));
  }

  @Test
  void kling26SendsDurationAndSoundButNeverTheSampleScene() {
    Profile profile = CATALOGUE.profile("kling-2-6").orElseThrow();
    Composed composed = RequestComposer.compose(CATALOGUE.modelOf(profile), profile.parameters());
    assertThat(composed.input()).hasToString("{\"sound\":false,\"duration\":\"5\"}");
    assertThat(composed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.refuses()).isTrue();
              assertThat(finding.key()).isEqualTo("prompt");
              assertThat(finding.message())
                  .isEqualTo(
                      "prompt is missing; kling-2.6/image-to-video at kie needs it"
                          + " (a .txt file of the same name will do)");
            });
  }

  @Test
  void theKeysOfModelFilesAreExplained() throws IOException {
    String readme = Files.readString(MODELS.resolve("README.md"));
    var keys = new TreeSet<String>();
    keys.addAll(ModelReader.KEYS);
    keys.addAll(ModelReader.SLOT_KEYS);
    keys.addAll(ModelReader.PRICE_KEYS);
    keys.addAll(ProfileReader.KEYS);
    keys.addAll(MediaRole.keys());
    assertThat(keys).allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
  }

  private static List<Path> yamlFiles(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
