package io.klingdrop.wire;

import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.ProxySettings;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes the HTTP clients of this program. None repeats a request by itself, follows a redirect or
 * keeps cookies: by default HttpClient sends a POST again after a bare 429 or 503, which here would
 * be a second task.
 */
public record HttpClients(ProxySettings proxies) {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** The request itself may be some hundred megabytes on a slow line. */
  private static final int FOR_REQUEST_AND_HEAD = 10;

  /** For createTask: a new connection for each call, so that an idle one cannot die under it. */
  public CloseableHttpClient forCreate(ProviderSettings settings) {
    return patient(settings.timeouts().create())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .build();
  }

  /** For recordInfo and the other small free calls. */
  public CloseableHttpClient forAsking(ProviderSettings settings) {
    return patient(settings.timeouts().poll()).build();
  }

  /** For uploads. */
  public CloseableHttpClient forUploads(ProviderSettings settings) {
    return patient(settings.timeouts().upload()).build();
  }

  /** For small calls of which only the status counts, and all of it within that time. */
  public CloseableHttpClient forNotices(Duration within) {
    return quiet(within, within).build();
  }

  /**
   * The status that a call is answered with. The body is not read: it may have no end, or never
   * come.
   *
   * @throws IOException if there is no answer
   */
  public static int status(CloseableHttpClient client, HttpUriRequestBase request)
      throws IOException {
    return client.execute(
        request,
        response -> {
          if (response.getEntity() != null) {
            request.abort();
          }
          return response.getCode();
        });
  }

  /** Connections whose heads are bounded, with TLS as the JDK trusts it. */
  public static PoolingHttpClientConnectionManagerBuilder connections() {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setTlsSocketStrategy(
            (socket, target, port, attachment, context) ->
                Tls.STRATEGY.upgrade(socket, target, port, attachment, context))
        .setConnectionFactory(BoundedHeaders.connections());
  }

  private HttpClientBuilder patient(Duration answerWithin) {
    return quiet(answerWithin, answerWithin.multipliedBy(FOR_REQUEST_AND_HEAD));
  }

  private HttpClientBuilder quiet(Duration answerWithin, Duration headWithin) {
    var timeout = Timeout.of(answerWithin);
    var connections =
        connections()
            .setMaxConnPerRoute(64)
            .setMaxConnTotal(64)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(shorter(CONNECT, headWithin)))
                    .setSocketTimeout(timeout)
                    .setValidateAfterInactivity(TimeValue.ofMilliseconds(500))
                    .setTimeToLive(TimeValue.ofMinutes(2))
                    .build())
            .build();
    var client = Departure.watched(UnreadAnswer.broken(HttpClientBuilder.create()));
    return ProxyRoutes.led(client, proxies, (anyHost, proxied) -> {})
        .setConnectionManager(connections)
        .addExecInterceptorFirst("within-time", new ResponseDeadline(answerWithin, headWithin))
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(shorter(CONNECT, headWithin)))
                .setResponseTimeout(timeout)
                // else a 401 or 407 may be answered by the same request once more
                .setAuthenticationEnabled(false)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .setUserAgent("klingdrop");
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Set up once for all clients, and not before the first connection. */
  private static final class Tls {
    static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
  }
}
