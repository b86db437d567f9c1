package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How rules are read and matched; what the shipped rules say is the dialect's test. */
class ErrorTableTest {
  @TempDir private Path config;

  @Test
  void theFirstRuleThatFitsDecides() throws IOException {
    var table =
        table(
            """
            - {on: [create], code: "500", message: "credit", means: credit}
            - {on: [create], code: "500", means: busy}
            - {on: [create], code: "5..", means: lost}
            """);

    assertThat(table.meaning(Call.CREATE, "500", "no credit", 200)).isEqualTo(Meaning.CREDIT);
    assertThat(table.meaning(Call.CREATE, "500", "oops", 200)).isEqualTo(Meaning.BUSY);
    assertThat(table.meaning(Call.CREATE, "501", "oops", 200)).isEqualTo(Meaning.LOST);
  }

  @Test
  void anAnswerNoRuleFitsSaysNothing() throws IOException {
    var table = table("- {on: [create], code: \"500\", means: busy}");

    assertThat(table.meaning(Call.CREATE, "418", "teapot", 200)).isEqualTo(Meaning.NO_WORD);
    assertThat(table.meaning(Call.RECORD, "500", "", 200)).isEqualTo(Meaning.NO_WORD);
    assertThat(table("[]").meaning(Call.TASK, null, "", 500)).isEqualTo(Meaning.NO_WORD);
  }

  @Test
  void aRuleSpeaksOfItsCallsAlone() throws IOException {
    var table = table("- {on: [create, task], means: invalid}");

    for (var call : Call.values()) {
      assertThat(table.meaning(call, "1", "", 200))
          .as("%s", call)
          .isEqualTo(call == Call.CREATE || call == Call.TASK ? Meaning.INVALID : Meaning.NO_WORD);
    }
  }

  @ParameterizedTest
  @CsvSource({"40, NO_WORD", "401, KEY", "4010, NO_WORD", "1401, NO_WORD", "'', NO_WORD"})
  void aCodeIsComparedAsAWhole(String code, Meaning meaning) throws IOException {
    var table = table("- {on: [create], code: \"401\", means: key}");

    assertThat(table.meaning(Call.CREATE, code, "", 200)).isEqualTo(meaning);
  }

  @Test
  void aCodeWrittenAsANumberIsTheSameCode() throws IOException {
    var table = table("- {on: [create], code: 401, means: key}");

    assertThat(table.meaning(Call.CREATE, "401", "", 200)).isEqualTo(Meaning.KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "policy, REJECTED",
    "Violates our POLICY., REJECTED",
    "'two\nlines, policy\nat last', REJECTED",
    "VERSTÖSST, REJECTED",
    "polite, NO_WORD",
    "'', NO_WORD"
  })
  void aMessageIsSearchedWhateverItsCase(String message, Meaning meaning) throws IOException {
    var table = table("- {on: [create], message: \"policy|verstösst\", means: rejected}");

    assertThat(table.meaning(Call.CREATE, "500", message, 200)).isEqualTo(meaning);
    assertThat(table.meaning(Call.CREATE, null, message, 200)).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE, 401, 503, NO_WORD",
    "CREATE, , 503, BUSY",
    "CREATE, , 504, LOST",
    "CREATE, , 5030, NO_WORD",
    "RECORD, , 503, NO_WORD"
  })
  void anHttpRuleSeesOnlyAnswersWithoutAnEnvelope(
      Call call, @Nullable String code, int status, Meaning meaning) throws IOException {
    var table =
        table(
            """
            - {on: [create], http: "503", means: busy}
            - {on: [create], http: "5..", means: lost}
            """);

    assertThat(table.meaning(call, code, "", status)).isEqualTo(meaning);
  }

  @Test
  void aRuleWithACodeNeverFitsAnAnswerWithoutOne() throws IOException {
    var table = table("- {on: [create], code: \".*\", means: invalid}");

    assertThat(table.meaning(Call.CREATE, null, "", 400)).isEqualTo(Meaning.NO_WORD);
    assertThat(table.meaning(Call.CREATE, "", "", 400)).isEqualTo(Meaning.INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "just words | must be a list",
        "on: [create] | must be a list",
        "'' | must be a list",
        "- words | rule 1: needs on",
        "- {means: busy} | rule 1: needs on",
        "- {on: create, means: busy} | rule 1: needs on",
        "- {on: [pay], means: busy} | rule 1: unknown key or call",
        "- {on: [create], status: 500, means: busy} | rule 1: unknown key or call: [status]",
        "- {on: [create]} | rule 1: no meaning",
        "- {on: [create], means: bussy} | rule 1: no meaning bussy",
        "- {on: [create], message: '(', means: busy} | rule 1: ",
        "- {on: [create], on: [task], means: busy} | on",
        "- {on: [create | errors/kie.yaml"
      })
  void aWrongRuleIsNamedWithFileAndNumber(String yaml, String named) {
    assertThatThrownBy(() -> table(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("config/errors/kie.yaml")
        .hasMessageContaining(named);
  }

  @Test
  void theNumberOfAWrongRuleIsCountedFromOne() {
    assertThatThrownBy(
            () -> table("- {on: [create], means: busy}\n- {on: [create], means: nothing}"))
        .hasMessageContaining("rule 2: no meaning nothing");
  }

  @Test
  void withoutAFileOfItsOwnTheShippedTableIsRead() {
    var table = ErrorTable.load(config, "kie");

    assertThat(table.meaning(Call.CREATE, "401", "", 200)).isEqualTo(Meaning.KEY);
  }

  @Test
  void aDialectNobodyKnowsIsAProgrammingError() {
    assertThatThrownBy(() -> ErrorTable.load(config, "nobody"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nobody");
  }

  @ParameterizedTest
  @EnumSource(Meaning.class)
  void everyMeaningCanBeWritten(Meaning meaning) throws IOException {
    var table = table("- {on: [create], means: %s}".formatted(meaning.word()));

    assertThat(table.meaning(Call.CREATE, "1", "", 200)).isEqualTo(meaning);
  }

  @Test
  void aMeaningIsAboutTheAccountOrAboutTheJob() {
    assertThat(Arrays.stream(Meaning.values()).filter(Meaning::closesLane))
        .containsExactlyInAnyOrder(
            Meaning.KEY,
            Meaning.CREDIT,
            Meaning.CAP,
            Meaning.MAINTENANCE,
            Meaning.RATE,
            Meaning.SHARED,
            Meaning.FULL,
            Meaning.ADDRESS,
            Meaning.DISABLED);
  }

  private ErrorTable table(String yaml) throws IOException {
    var folder = Files.createDirectories(config.resolve("errors"));
    Files.writeString(folder.resolve("kie.yaml"), yaml);
    return ErrorTable.load(config, "kie");
  }
}
