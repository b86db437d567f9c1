package io.klingdrop.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an address may stand in a trace. */
class SpanWordsTest {

  @ParameterizedTest
  @CsvSource({
    "camel.uri, platform-http:///callback/kie/hush, platform-http:///…",
    "camel.uri, https://hooks.example.com/hush/hush?a=hush, https://hooks.example.com/…",
    "camel.uri, https://hooks.example.com?token=hush, https://hooks.example.com/…",
    "camel.uri, sftp://me:hu/sh@host/folder, sftp://…/…",
    "camel.uri, seda://submit-job?size=8, seda://submit-job/…",
    "camel.uri, direct://deliver-to-outbox, direct://deliver-to-outbox",
    "url.full, http://127.0.0.1:8080/callback/kie/hush, http://127.0.0.1:8080/…",
    "url.path, /callback/kie/hush, /callback/…",
    "url.path, /api?q=hush, /api/…",
    "url.path, hooks.example.com/hush, hooks.example.com/…",
    "url.path, me:hush@host/x, …",
    "url.query, q=hush, …",
    "http.url, http://h/hush, http://h/…",
    "message, cannot reach https://h/hush now, cannot reach https://h/… now",
    "klingdrop.job, 20261121-a, 20261121-a",
  })
  void anAttributeTellsNoPathAndNoQuery(String key, String value, String cut) {
    assertThat(SpanWords.attribute(key, value)).isEqualTo(cut);
  }

  @Test
  void theNameOfASpanTellsNoMoreThanTheFirstSegment() {
    assertThat(SpanWords.name("GET /callback/kie/hush")).isEqualTo("GET /callback/…");
    assertThat(SpanWords.name("POST https://h/hush?hush")).isEqualTo("POST https://h/…");
    assertThat(SpanWords.name("x?q=hush")).isEqualTo("x/…");
    assertThat(SpanWords.name("submit-job")).isEqualTo("submit-job");
  }
}
