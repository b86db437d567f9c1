package io.klingdrop.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | klingdrop.jar run | java -jar klingdrop.jar",
        "'' | /opt/my apps/klingdrop.jar | java -jar \"/opt/my apps/klingdrop.jar\"",
        "'' | io.klingdrop.App status | klingdrop",
        "'' | a.jarring.Main | klingdrop",
        "'' | '' | klingdrop",
        "bin/klingdrop | io.klingdrop.App | bin/klingdrop",
      })
  void aCommandIsNamedAsItWasTyped(String said, String java, String form) {
    assertThat(Invocation.form(said, java)).isEqualTo(form);
  }

  @Test
  void onlyCommandsAreReplacedNotTheName() {
    var text = "klingdrop is busy. See: klingdrop why kd1, or klingdrop resubmit kd1 (this pays).";
    assertThat(Invocation.in(text, "java -jar k$1.jar"))
        .isEqualTo(
            "klingdrop is busy. See: java -jar k$1.jar why kd1, or java -jar k$1.jar resubmit kd1"
                + " (this pays).");
  }
}
