package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.Text;
import org.junit.jupiter.api.Test;

/** What the API answers. */
class AnswerTest {
  private static final String ORDERS = "a\u009b31m\u202e\u2028\u0085 \u00fc \u8bfe \ud83d\ude00";

  @Test
  void noCharacterThatATerminalObeysIsSent() throws Exception {
    var body = JsonNodeFactory.instance.objectNode().put("name", ORDERS);

    var sent = Answer.json(body).body();

    assertThat(sent.codePoints().boxed()).allMatch(Text::harmless);
    assertThat(sent).contains("\u00fc \u8bfe \ud83d\ude00");
    assertThat(new ObjectMapper().readTree(sent)).isEqualTo(body);
    assertThat(Answer.error(404, "no-such-job", ORDERS).body().codePoints().boxed())
        .allMatch(Text::harmless);
  }
}
