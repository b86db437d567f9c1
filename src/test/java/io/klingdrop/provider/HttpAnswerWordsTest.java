package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads where no answer came. */
class HttpAnswerWordsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            new NoHttpResponseException("x failed to respond"),
            "the provider hung up without an answer"),
        Arguments.of(
            new SocketTimeoutException("Read timed out"), "no answer in time (Read timed out)"),
        Arguments.of(new UnknownHostException("a.test"), "there is no such address (a.test)"),
        Arguments.of(new ConnectException("refused"), "no connection (refused)"),
        Arguments.of(new SocketException("reset"), "the connection broke (reset)"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenCallIsToldInPlainWords(Exception exception, String words) throws Exception {
    try (var context = new DefaultCamelContext()) {
      var exchange = new DefaultExchange(context);
      exchange.setException(exception);
      assertThat(HttpAnswer.of(exchange, InstantSource.system()).trouble()).isEqualTo(words);
    }
  }
}
