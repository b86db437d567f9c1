package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.Verdicts;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers to createTask that contradict themselves: a doubt never leads to a second payment. */
class KlingVerdictsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Verdicts verdicts =
      new Verdicts(
          settings(),
          ErrorTable.load(Path.of("nowhere"), "kling"),
          new AnswerSanitizer(settings().keys()),
          SettableTime.running());

  private static ProviderSettings settings() {
    return SettingsReader.load(Path.of("nowhere"), Map.of(), Map.of()).kie();
  }

  private CreateAnswer created(int status, String body) throws Exception {
    var http = new HttpAnswer(status, MAPPER.readTree(body), null, null, true);
    return verdicts.created(KlingAnswer.of(http, "kling", MAPPER));
  }

  @ParameterizedTest
  @CsvSource({"200", "400", "403", "404", "429", "500", "503"})
  void aSuccessWithoutATaskIdIsLostWhateverTheStatus(int status) throws Exception {
    assertThat(created(status, "{\"code\":0,\"message\":\"SUCCEED\"}"))
        .isInstanceOf(CreateAnswer.Lost.class);
    assertThat(created(status, "{\"code\":\"success\",\"data\":{}}"))
        .isInstanceOf(CreateAnswer.Lost.class);
  }

  @ParameterizedTest
  @CsvSource({"200", "500", "504"})
  void aTaskIdIsATaskWhateverTheStatus(int status) throws Exception {
    assertThat(created(status, "{\"code\":0,\"data\":{\"task_id\":\"7721\"}}"))
        .isEqualTo(new CreateAnswer.Accepted("7721"));
  }
}
