package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.Text;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What {@code --json} prints is data to a terminal, never an order. */
class JsonTest {
  private static final String ORDERS =
      "a\u001b[2J\u0007\u007f\u009b31m\u0085\u2028\u2029\u202e\u2066\u200e\udb40\udc41b \\ \" ü 课"
          + " \ud83d\ude00";

  @Test
  void noCharacterThatATerminalObeysIsPrinted() throws Exception {
    var document = JsonNodeFactory.instance.objectNode().put("na\u009bme", ORDERS);
    var printed = new StringWriter();

    assertThat(Json.print(document, new PrintWriter(printed))).isZero();

    assertThat(printed.toString().codePoints().filter(c -> c != 10 && c != 13).boxed())
        .allMatch(Text::harmless);
    assertThat(printed.toString()).contains("ü 课 \ud83d\ude00", "\\u202e", "\\udb40\\udc41");
    assertThat(new ObjectMapper().readTree(printed.toString())).isEqualTo(document);
  }
}
