package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.provider.Meaning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a note or a screen may call a failure, the page about failures has a place for it. */
class FailuresPageTest {
  private static final Path PAGE = Path.of("docs/failures.md");

  private Set<String> anchors = Set.of();

  @BeforeEach
  void read() throws Exception {
    anchors = new Markdown(PAGE, Files.readString(PAGE)).anchors();
  }

  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void everyClassHasItsPlace(FailureClass failureClass) {
    assertThat(anchors).contains(failureClass.channel());
  }

  @Test
  void whatAPersonStoppedHasItsPlace() {
    assertThat(anchors).contains(JobState.CANCELLED.name().toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @EnumSource(Meaning.class)
  void everyMeaningOfAnAnswerHasItsPlace(Meaning meaning) {
    assertThat(anchors).contains("means-" + meaning.word());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kie", "kling"})
  void everyCodeOfAnErrorTableHasItsPlace(String dialect) throws Exception {
    var codes = CodesTable.codes(dialect);
    assertThat(codes).hasSizeGreaterThan(10);
    assertThat(anchors)
        .containsAll(codes.stream().map(code -> CodesTable.anchor(dialect, code)).toList());
  }

  @Test
  void theReadmeShowsEveryFolderOfFailed() throws Exception {
    var readme = Files.readString(Path.of("README.md"));
    for (var failureClass : FailureClass.values()) {
      assertThat(readme).contains("(docs/failures.md#" + failureClass.channel() + ")");
    }
  }
}
