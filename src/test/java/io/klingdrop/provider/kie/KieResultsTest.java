package io.klingdrop.provider.kie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KieResultsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"{\\\"resultUrls\\\":[\\\"https://a/1\\\"]}\"",
        "\"{\\\"resultUrls\\\":\\\"https://a/1\\\"}\"",
        "{\"resultUrls\":\"https://a/1\"}",
        "{\"resultUrls\":\"[\\\"https://a/1\\\"]\"}",
        "{\"resultUrls\":[[{\"url\":\"https://a/1\"}]]}"
      })
  void aResultIsFoundHoweverItIsWritten(String resultJson) throws Exception {
    assertThat(KieAnswer.urls(new ObjectMapper().readTree(resultJson)))
        .containsExactly("https://a/1");
  }
}
