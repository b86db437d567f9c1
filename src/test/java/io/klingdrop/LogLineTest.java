package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
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
  void aMessageInOtherLettersStaysAsItIs() {
    assertThat(logged("Grüße – “ok”")).endsWith("Grüße – “ok”" + System.lineSeparator());
  }

  private static String logged(String message) {
    var before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, Charset.defaultCharset()));
    try {
      LoggerFactory.getLogger("io.klingdrop.LogLine").warn(message);
    } finally {
      System.setOut(before);
    }
    return printed.toString(Charset.defaultCharset());
  }
}
