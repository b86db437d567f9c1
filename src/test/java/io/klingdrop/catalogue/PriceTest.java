package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceTest {
  @Test
  void theAvatarCostsEightCreditsForEachWholeSecond() {
    Price price =
        Catalogue.load(List.of())
            .model("kie", "kling/v1-avatar-standard")
            .flatMap(Model::price)
            .orElseThrow();
    assertThat(price.estimate(Duration.ofMillis(11_520), input("{}"))).hasValue(88);
    assertThat(price.estimate(Duration.ofMillis(400), input("{}"))).hasValue(8);
    assertThat(price.estimate(Duration.ZERO, input("{}"))).isEmpty();
  }

  @Test
  void aPriceForOneRequestIsThat() {
    assertThat(price("{credits: 25, source: s}").estimate(Duration.ZERO, input("{}"))).hasValue(25);
  }

  @Test
  void aPriceMayDependOnSeveralParametersAndTheirDefaults() {
    Price price =
        price(
            "{credits: {\"5\": {\"false\": 55, \"true\": 110}, \"10\": {\"false\": 110}},"
                + " by: [duration, sound], source: s}");
    assertThat(price.estimate(Duration.ZERO, input("{}"))).hasValue(55);
    assertThat(price.estimate(Duration.ZERO, input("{\"sound\":true}"))).hasValue(110);
    assertThat(price.estimate(Duration.ZERO, input("{\"duration\":\"10\"}"))).hasValue(110);
    assertThat(price.estimate(Duration.ZERO, input("{\"duration\":\"10\",\"sound\":true}")))
        .isEmpty();
  }

  @Test
  void secondsMayComeFromAParameter() {
    Price price = price("{credits-per-second: 2.5, per: duration, whole-seconds: up, source: s}");
    assertThat(price.estimate(Duration.ZERO, input("{}"))).hasValue(12.5);
    assertThat(price.estimate(Duration.ZERO, input("{\"duration\":7.2}"))).hasValue(20);
  }

  private static JsonNode input(String json) {
    return JsonText.parse(json, "input").root();
  }

  private static Price price(String price) {
    var problems = new ArrayList<String>();
    return ModelReader.read(
            YamlText.parse(
                """
                provider: p
                model: m
                title: t
                source: s
                input:
                  additionalProperties: false
                  properties:
                    duration: {type: string, default: "5"}
                    sound: {type: boolean, default: false}
                price: %s
                """
                    .formatted(price),
                "m.yaml"),
            problems)
        .orElseThrow(() -> new AssertionError(problems.toString()))
        .price()
        .orElseThrow();
  }
}
