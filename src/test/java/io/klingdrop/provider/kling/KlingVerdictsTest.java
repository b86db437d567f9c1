package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.Verdicts;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers to createTask that contradict themselves: a doubt never leads to a second payment. */
class KlingVerdictsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Verdicts verdicts = verdicts(ErrorTable.load(Path.of("nowhere"), "kling"));

  private static Verdicts verdicts(ErrorTable table) {
    return new Verdicts(
        settings(), table, new AnswerSanitizer(settings().keys()), SettableTime.running());
  }

  private static ProviderSettings settings() {
    return SettingsReader.load(Path.of("nowhere"), Map.of(), Map.of()).kie();
  }

  private CreateAnswer created(int status, String body) throws Exception {
    return verdicts.created(answer(status, body));
  }

  private static KlingAnswer answer(int status, String body) throws Exception {
    var http = new HttpAnswer(status, MAPPER.readTree(body), null, null, true);
    return KlingAnswer.of(http, "kling");
  }

  @ParameterizedTest
  @CsvSource({"200", "400", "403", "404", "429", "500", "503"})
  void aSuccessWithoutATaskIdIsLostWhateverTheStatus(int status) throws Exception {
    assertThat(created(status, "{\"code\":0,\"message\":\"SUCCEED\"}"))
        .isInstanceOf(CreateAnswer.Lost.class);
    assertThat(created(status, "{\"code\":\"success\",\"data\":{}}"))
        .isInstanceOf(CreateAnswer.Lost.class);
  }

  @Test
  void whatATableDoesNotJudgeIsLost(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("errors"));
    Files.writeString(
        folder.resolve("errors/kling.yaml"),
        "- {on: [create], code: '1302', means: rate}\n"
            + "- {on: [create], code: '9000', means: no-word}\n"
            + "- {on: [create], code: '9001', means: unknown-task}\n"
            + "- {on: [create], code: '9002', means: generation}\n");
    var own = verdicts(ErrorTable.load(folder, "kling"));
    for (var code : List.of("7777", "9000", "9001", "9002")) {
      assertThat(own.created(answer(400, "{\"code\":%s,\"message\":\"odd\"}".formatted(code))))
          .as(code)
          .isInstanceOf(CreateAnswer.Lost.class);
    }
    assertThat(own.created(answer(429, "{\"code\":1302,\"message\":\"slow down\"}")))
        .isInstanceOf(CreateAnswer.Refused.class);
  }

  @ParameterizedTest
  @EnumSource(Meaning.class)
  void onlyWhatSurelyMadeNothingCanBeARefusal(Meaning meaning) {
    assertThat(catchThrowable(() -> new CreateAnswer.Refused(Refusal.of(meaning, "odd"))) == null)
        .isEqualTo(meaning.madeNothing());
  }

  @ParameterizedTest
  @CsvSource({"200", "500", "504"})
  void aTaskIdIsATaskWhateverTheStatus(int status) throws Exception {
    assertThat(created(status, "{\"code\":0,\"data\":{\"task_id\":\"7721\"}}"))
        .isEqualTo(new CreateAnswer.Accepted("7721"));
  }
}
