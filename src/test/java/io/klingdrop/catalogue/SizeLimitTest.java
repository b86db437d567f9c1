package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeLimitTest {
  @Test
  void aMegabyteHasTwoReadingsAndAMebibyteOne() {
    assertThat(SizeLimit.parse("10MB")).hasValue(new SizeLimit("10 MB", 10_000_000, 10_485_760));
    assertThat(SizeLimit.parse("512 KiB")).hasValue(new SizeLimit("512 KiB", 524_288, 524_288));
    assertThat(SizeLimit.parse("2GB"))
        .hasValue(new SizeLimit("2 GB", 2_000_000_000L, 2_147_483_648L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "10 mb", "10.5MB", "0MB", "-1MB", "", "MB", "10TB"})
  void anythingElseIsNotASize(String text) {
    assertThat(SizeLimit.parse(text)).isEmpty();
  }
}
