package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log as it is shipped: what stands in a message cannot write a line of its own. */
class LogLineTest {

  @Test
  void aMessageIsOneLineWithoutTerminalCodesAndTextDirections() {
    assertThat(logged("a\r\nFAKE\u001b[2J\u009b31m\u0085b\u2028c\u202ed\u2066e\tf"))
        .endsWith(" WARN  a  FAKE [2J 31m b c d e f" + System.lineSeparator());
  }

  @Test
  void aMessageInAnyLanguageStaysAsItIs() {
    assertThat(logged("Grüße, привет, 你好 \ud83d\ude00 – “ok”"))
        .endsWith("Grüße, привет, 你好 \ud83d\ude00 – “ok”" + System.lineSeparator());
  }

  private static String logged(String message) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var out = (OutputStreamAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("OUT");
    var logger = context.getLogger("io.klingdrop");
    var event = new LoggingEvent("", logger, Level.WARN, message, null, new Object[0]);
    return new String(out.getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
