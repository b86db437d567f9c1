package io.klingdrop.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.klingdrop.job.Units;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({"500ms,500", "5s,5000", "10m,600000", "1h,3600000", "2d,172800000"})
  void durationsCarryAUnitAndComeBackAsTheyWere(String text, long millis) {
    assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(Units.text(Units.duration(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "1.5s", "-1s", "5 s", "5S", "1w", "99999999999s"})
  void otherDurationsAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.duration(text));
  }

  @ParameterizedTest
  @CsvSource({
    "1B,1",
    "2KB,2000",
    "10MB,10000000",
    "2GB,2000000000",
    "1KiB,1024",
    "1GiB,1073741824"
  })
  void sizesCountInThousandsOrInTwoToTheTenth(String text, long bytes) {
    assertThat(Units.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "2gb", "1.5MB", "-1KB"})
  void otherSizesAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.size(text));
  }

  @Test
  void ratesAreCallsPerTime() {
    assertThat(Rate.of("18/10s")).isEqualTo(new Rate(18, Duration.ofSeconds(10)));
    assertThat(Rate.of("18/10s")).hasToString("18/10s");
    assertThat(Rate.of("3/1s").exceeds(Rate.of("20/10s"))).isTrue();
    for (var wrong : new String[] {"18", "0/1s", "18/0s", "a/1s", "18/10"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Rate.of(wrong));
    }
  }

  @Test
  void bytesAreShownForPeople() {
    assertThat(Units.text(999)).isEqualTo("999 B");
    assertThat(Units.text(228_721)).isEqualTo("228.7 kB");
    assertThat(Units.text(10_485_760)).isEqualTo("10.5 MB");
    assertThat(Units.text(2_000_000_000L)).isEqualTo("2.0 GB");
  }
}
