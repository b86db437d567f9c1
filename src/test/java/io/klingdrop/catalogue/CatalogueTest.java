package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final String MODEL =
      """
      provider: %s
      model: %s
      title: Mine
      source: tried in 2026
      expected: 2m
      media:
        image: {field: picture, required: true}
        audio: {field: voice}
      input:
        type: object
        additionalProperties: false
        properties:
          prompt: {type: string}
      fixed: {mode: std}
      wire: {path: /v1/x, empty-optionals: true}
      """;

  @TempDir Path config;

  @Test
  void aProfileMaySayHowOftenToTryAgainAndWhatADayMayCost() throws IOException {
    var model = "provider: kie\nmodel: kling/v2-1-pro\n";
    write(
        "profiles/bold.yaml", model + "retry: {generation: 2}\nbudget: {credits-per-day: 99.5}\n");
    var catalogue = Catalogue.load(List.of(config));
    var bold = catalogue.profile("bold").orElseThrow();
    assertThat(bold.generationRetries()).isEqualTo(2);
    assertThat(bold.creditsPerDay()).isEqualTo(99.5);
    var usual = catalogue.profile("avatar").orElseThrow();
    assertThat(usual.generationRetries()).isZero();
    assertThat(usual.creditsPerDay()).isNull();

    write(
        "profiles/bad.yaml", model + "retry: {generation: 11, result: 1}\nbudget: {per-day: -1}\n");
    assertThatExceptionOfType(CatalogueException.class)
        .isThrownBy(() -> Catalogue.load(List.of(config)))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .hasSize(3)
                    .anyMatch(problem -> problem.contains("retry.generation should be a whole"))
                    .anyMatch(problem -> problem.contains("retry.result is not known"))
                    .anyMatch(problem -> problem.contains("budget.per-day is not known")));
  }

  @Test
  void aFolderThatDoesNotExistIsPassedOver() {
    var catalogue = Catalogue.load(List.of(config.resolve("none")));
    assertThat(catalogue.profiles()).hasSize(10);
    assertThat(catalogue.models()).hasSizeGreaterThan(25);
  }

  @Test
  void aFileOfTheWorkingFolderAddsAModelAndAProfile() throws IOException {
    write("models/acme/deep/talk.yaml", MODEL.formatted("acme", "talk/v1"));
    write(
        "profiles/news.yaml", "provider: acme\nmodel: talk/v1\nsidecar: required\ntargets: [s3]\n");
    var catalogue = Catalogue.load(List.of(config));

    var profile = catalogue.profile("news").orElseThrow();
    assertThat(profile.sidecarRequired()).isTrue();
    assertThat(profile.targets()).containsExactly("s3");
    var model = catalogue.modelOf(profile);
    assertThat(model.expected()).isEqualTo(Duration.ofMinutes(2));
    assertThat(model.takesAudio()).isTrue();
    assertThat(model.needsAudio()).isFalse();
    assertThat(model.price()).isEmpty();
    assertThat(model.wire())
        .containsEntry("path", "/v1/x")
        .containsEntry("empty-optionals", "true");
    assertThat(RequestComposer.compose(model, Parameters.none()).input())
        .hasToString("{\"mode\":\"std\"}");
    assertThat(catalogue.profile("avatar")).isPresent();
  }

  @Test
  void aFileOfTheWorkingFolderTakesThePlaceOfAShippedOne() throws IOException {
    write("models/any name.yml", MODEL.formatted("kie", "kling/v1-avatar-standard"));
    write("profiles/v2-1.yaml", "provider: kie\nmodel: kling/v2-1-pro\n");
    var catalogue = Catalogue.load(List.of(config));
    assertThat(catalogue.modelOf(catalogue.profile("avatar").orElseThrow()).title())
        .isEqualTo("Mine");
    assertThat(catalogue.profile("v2-1").orElseThrow().model()).isEqualTo("kling/v2-1-pro");
    assertThat(catalogue.profiles()).hasSize(10);
  }

  @Test
  void aLaterFolderWins() throws IOException {
    write("a/profiles/x.yaml", "provider: kie\nmodel: kling/v2-1-pro\n");
    write("b/profiles/x.yaml", "provider: kie\nmodel: omnihuman-1-5\n");
    var folders = List.of(config.resolve("a"), config.resolve("b"));
    assertThat(Catalogue.load(folders).profile("x").orElseThrow().model())
        .isEqualTo("omnihuman-1-5");
  }

  @Test
  void untouchedCopiesOfTheShippedFilesChangeNothing() throws IOException {
    Path shipped = Path.of("config");
    try (Stream<Path> walk = Files.walk(shipped)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        write(shipped.relativize(file).toString(), Files.readString(file));
      }
    }
    var catalogue = Catalogue.load(List.of(config));
    assertThat(catalogue.profiles()).hasSize(10);
    assertThat(catalogue.models()).hasSameSizeAs(Catalogue.load(List.of()).models());
  }

  @Test
  void everyFaultOfEveryFileIsNamedAtOnce() throws IOException {
    write("models/a.yaml", "provider: kie\nmodel: a\nmdia: {}\n");
    write(
        "models/b.yaml",
        """
        provider: kie
        model: b
        title: B
        source: tried
        expected: 90
        media:
          image: {field: image_url, max-sise: 10MB}
          audio: {field: audio_url, max-size: 10 megs, min-seconds: x, max: 3}
          picture: {field: x}
        input:
          type: object
          properties:
            prompt: {type: text, maxlength: 5}
            audio_url: {type: string}
          required: [promt]
        price: {credits: 1, credits-per-second: 2}
        """);
    write("models/c.yaml", "a: [");
    write("profiles/p.yaml", "provider: kie\nmodel: kling/v2-1-standart\nretries: 3\n");
    write("profiles/q.yaml", "provider: kye\nmodel: x\n");
    write(
        "profiles/r.yaml",
        "provider: kie\nmodel: kling/v2-1-standard\n\nparameters:\n  durration: 5\n");

    assertThatExceptionOfType(CatalogueException.class)
        .isThrownBy(() -> Catalogue.load(List.of(config)))
        .satisfies(
            e -> {
              problem(e, "a.yaml:3: mdia is not known here; did you mean media?");
              problem(e, "a.yaml: title is missing");
              problem(e, "b.yaml:5: expected should be a duration such as 90s or 5m, not 90");
              problem(
                  e, "b.yaml:7: media.image.max-sise is not known here; did you mean max-size?");
              problem(e, "b.yaml:8: media.audio.max-size should be a size such as 10MB");
              problem(e, "b.yaml:8: media.audio.min-seconds should be a number");
              problem(e, "b.yaml:8: media.audio.max is above 1");
              problem(e, "b.yaml:9: media.picture is not known here");
              problem(e, "b.yaml:10: input.additionalProperties must be false");
              problem(e, "b.yaml:13: input.properties.prompt.type should be one of");
              problem(
                  e,
                  "b.yaml:13: input.properties.prompt.maxlength is not a known schema keyword"
                      + "; did you mean maxLength?");
              problem(e, "b.yaml:14: input.properties.audio_url is a media field");
              problem(e, "b.yaml:15: input.required names \"promt\"");
              problem(e, "b.yaml:16: price should have either credits or credits-per-second");
              problem(e, "c.yaml:");
              problem(e, "p.yaml:3: retries is not known here");
              problem(e, "q.yaml: provider kye has no models here; did you mean kie?");
              problem(
                  e,
                  "r.yaml:5: parameters.durration is not a parameter of kling/v2-1-standard"
                      + " at kie; did you mean duration?");
            });
  }

  @Test
  void aProfileOfAnUnknownModelIsNamedWithTheLikelyOne() throws IOException {
    write("profiles/p.yaml", "provider: kie\nmodel: kling/v2-1-standart\n");
    assertThatExceptionOfType(CatalogueException.class)
        .isThrownBy(() -> Catalogue.load(List.of(config)))
        .satisfies(
            e ->
                problem(
                    e,
                    "p.yaml: model kling/v2-1-standart of kie is not in the catalogue; did you mean"
                        + " kling/v2-1-standard?"));
  }

  @Test
  void twoFilesOfOneModelAreRefused() throws IOException {
    write("models/a.yaml", MODEL.formatted("acme", "talk"));
    write("models/b.yaml", MODEL.formatted("acme", "talk"));
    assertThatExceptionOfType(CatalogueException.class)
        .isThrownBy(() -> Catalogue.load(List.of(config)))
        .satisfies(e -> problem(e, "b.yaml: model talk at acme is already described by"));
  }

  @Test
  void aValueAProfileSetsWronglyIsFoundByTheFullCheck() throws IOException {
    write(
        "profiles/p.yaml",
        "provider: kie\nmodel: kling/v2-1-standard\nparameters: {duration: \"7\"}\n");
    assertThat(Catalogue.load(List.of(config)).checkProfiles())
        .singleElement()
        .asString()
        .endsWith("p.yaml:3: duration is \"7\"; kling/v2-1-standard at kie takes \"5\" or \"10\"");
  }

  @Test
  void linkedAndHiddenFilesAreReadAsMountedConfigurationNeeds() throws IOException {
    write("models/..data/x.yaml", MODEL.formatted("acme", "talk"));
    Files.createSymbolicLink(config.resolve("models/x.yaml"), Path.of("..data/x.yaml"));
    assertThat(Catalogue.load(List.of(config)).model("acme", "talk")).isPresent();
  }

  @Test
  void aSlotWithoutLimitsLimitsNothing() throws IOException {
    write("models/a.yaml", MODEL.formatted("acme", "talk"));
    var slot =
        Catalogue.load(List.of(config))
            .model("acme", "talk")
            .orElseThrow()
            .slot(MediaRole.IMAGE)
            .orElseThrow();
    assertThat(
            slot.check(
                "x/y", Long.MAX_VALUE, OptionalInt.of(1), OptionalInt.of(9999), Optional.empty()))
        .isEmpty();
  }

  private static void problem(CatalogueException e, String part) {
    assertThat(e.problems()).as(part).anyMatch(problem -> problem.contains(part));
  }

  private void write(String path, String content) throws IOException {
    Path file = config.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
