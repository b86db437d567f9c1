package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultAddressesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"https://a/1.mp4\"]",
        "\"https://a/1.mp4\"",
        "\"[\\\"https://a/1.mp4\\\"]\"",
        "\"\\\"https://a/1.mp4\\\"\"",
        "{\"url\": \"https://a/1.mp4\"}",
        "[{\"url\": \"https://a/1.mp4\"}]",
        "[[\"https://a/1.mp4\"]]",
        "\"[{\\\"url\\\": [\\\"https://a/1.mp4\\\"]}]\"",
        "\" https://a/1.mp4 \""
      })
  void anAddressIsFoundHoweverItIsWrapped(String field) throws Exception {
    assertThat(ResultAddresses.in(JSON.readTree(field))).containsExactly("https://a/1.mp4");
  }

  @Test
  void severalKeepTheirOrder() throws Exception {
    assertThat(ResultAddresses.in(JSON.readTree("[\"https://a/2\", {\"url\": \"https://a/1\"}]")))
        .containsExactly("https://a/2", "https://a/1");
  }

  @Test
  void whatHoldsNoneIsEmptyAndEndless() throws Exception {
    for (var none : new String[] {"null", "7", "[]", "{}", "\"[\"", "[null, 3]", "{\"a\": 1}"}) {
      assertThat(ResultAddresses.in(JSON.readTree(none))).as(none).isEmpty();
    }
    assertThat(ResultAddresses.in(JSON.missingNode())).isEmpty();
    var deep = "[".repeat(100) + "\"https://a/1\"" + "]".repeat(100);
    assertThat(ResultAddresses.in(JSON.readTree(deep))).isEmpty();
  }
}
