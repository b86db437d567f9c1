package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KlingTaskTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"task_status\":\"succeed\",\"task_result\":{\"videos\":[{\"url\":\"https://a/1\"}]}}",
        "{\"task_status\":\"succeed\",\"task_result\":{\"videos\":{\"url\":\"https://a/1\"}}}",
        "{\"task_status\":\"succeed\",\"task_result\":{\"videos\":[\"https://a/1\"]}}",
        "{\"task_status\":\"succeed\",\"task_result\":{\"videos\":\"https://a/1\"}}",
        "{\"task_status\":\"succeed\",\"task_result\":\"{\\\"videos\\\":[{\\\"url\\\":\\\"https://a/1\\\"}]}\"}",
        "{\"status\":\"SUCCESS\",\"result_url\":[\"https://a/1\"]}",
        "{\"status\":\"SUCCESS\",\"result_url\":\"[\\\"https://a/1\\\"]\"}",
        "{\"status\":\"SUCCESS\",\"fail_reason\":\"https://a/1\"}"
      })
  void aResultIsFoundHoweverItIsWritten(String data) throws Exception {
    assertThat(new KlingTask(new ObjectMapper().readTree(data)).urls())
        .containsExactly("https://a/1");
  }
}
