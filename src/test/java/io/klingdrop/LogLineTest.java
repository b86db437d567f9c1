package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.JobLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log as it is shipped: what stands in a message cannot write a line of its own. */
class LogLineTest {
  private static final String SIGNED =
      "https://b/k?X-Amz-Signature=abc123&X-Amz-Credential=AKIA%2Fx&X-Amz-Date=1";

  @Test
  void aMessageIsOneLineWithoutTerminalCodesAndTextDirections() {
    assertThat(logged("a\r\nFAKE\u001b[2J\u009b31m\u0085b\u2028c\u202ed\u2066e\tf"))
        .endsWith(" WARN  a  FAKE [2J 31m b c d e f" + System.lineSeparator());
  }

  @Test
  void aMessageInOtherLettersStaysAsItIs() {
    assertThat(logged("Grüße – “ok”")).endsWith("Grüße – “ok”" + System.lineSeparator());
  }

  @Test
  void theJobOfALineStandsThereOnce() {
    JobLog.about("kd01", () -> assertThat(logged("is late")).contains(" WARN  kd01: is late"));
    JobLog.about("kd01", () -> assertThat(logged("kd01 a/b: x")).contains(" WARN  kd01 a/b: x"));
    assertThat(logged("nothing")).contains(" WARN  nothing");
  }

  @Test
  void aJobInsideAnotherEndsWithIt() {
    JobLog.about(
        "kd01",
        () -> {
          JobLog.about("kd02", () -> assertThat(logged("x")).contains("kd02: x"));
          assertThat(logged("y")).contains("kd01: y");
        });
  }

  @Test
  void inJsonAMessageIsOneLineAndKeepsItsWords() throws Exception {
    var printed = json(log -> log.warn("a\r\nFAKE\u001b[2J\u009b31m\u2028c\u202ed – “Grüße”\te"));
    assertThat(printed).endsWith("}\n").hasLineCount(1);
    assertThat(printed.strip()).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u2028\u202e]");
    assertThat(new ObjectMapper().readTree(printed).path("message").asText())
        .isEqualTo("a\r\nFAKE\u001b[2J?31m?c?d – “Grüße”\te");
  }

  @Test
  void noSignatureOfAnAddressIsLoggedInEitherFormat() throws Exception {
    assertThat(logged(SIGNED)).doesNotContain("abc123", "AKIA").contains("[hidden]&X-Amz-Date=1");
    var printed = json(log -> log.error(SIGNED, new IllegalStateException(SIGNED)));
    assertThat(printed).doesNotContain("abc123", "AKIA");
    var event = new ObjectMapper().readTree(printed);
    assertThat(event.path("message").asText()).endsWith("[hidden]&X-Amz-Date=1");
    assertThat(event.path("throwable").asText())
        .startsWith("java.lang.IllegalStateException: https://b/k?")
        .contains("LogLineTest");
  }

  @Test
  void inJsonTheJobIsAField() throws Exception {
    var printed = new StringBuilder();
    JobLog.about("kd01", () -> printed.append(json(log -> log.warn("x"))));
    var event = new ObjectMapper().readTree(printed.toString());
    assertThat(event.path("job").asText()).isEqualTo("kd01");
    assertThat(event.path("message").asText()).isEqualTo("x");
    assertThat(new ObjectMapper().readTree(json(log -> log.warn("x"))).has("job")).isFalse();
  }

  private static String logged(String message) {
    return printed(() -> LoggerFactory.getLogger("io.klingdrop.LogLine").warn(message))
        .toString(Charset.defaultCharset());
  }

  private static String json(Consumer<Logger> work) {
    var context = new LoggerContext();
    context.setMDCAdapter(((LoggerContext) LoggerFactory.getILoggerFactory()).getMDCAdapter());
    return printed(
            () -> {
              try {
                var configurator = new JoranConfigurator();
                configurator.setContext(context);
                configurator.doConfigure(LogLineTest.class.getResource("/logback-json.xml"));
              } catch (ch.qos.logback.core.joran.spi.JoranException e) {
                throw new IllegalStateException(e);
              }
              work.accept(context.getLogger("io.klingdrop.LogLine"));
              context.stop();
            })
        .toString(StandardCharsets.UTF_8);
  }

  private static ByteArrayOutputStream printed(Runnable work) {
    var before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, Charset.defaultCharset()));
    try {
      work.run();
    } finally {
      System.setOut(before);
    }
    return printed;
  }
}
