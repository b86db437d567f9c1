package io.klingdrop.provider;

import io.klingdrop.settings.ProviderSettings;
import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP clients of the dialect. None repeats a request by itself, follows a redirect or keeps
 * cookies: by default HttpClient sends a POST again after a bare 429 or 503, which here would be a
 * second task.
 */
public final class HttpClients {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private HttpClients() {}

  /** For createTask: a new connection for each call, so that an idle one cannot die under it. */
  public static CloseableHttpClient forCreate(ProviderSettings settings) {
    return quiet(settings.timeouts().create())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .build();
  }

  /** For recordInfo and the other small free calls. */
  public static CloseableHttpClient forAsking(ProviderSettings settings) {
    return quiet(settings.timeouts().poll()).build();
  }

  /** For uploads. */
  public static CloseableHttpClient forUploads(ProviderSettings settings) {
    return quiet(settings.timeouts().upload()).build();
  }

  private static HttpClientBuilder quiet(Duration answerWithin) {
    var timeout = Timeout.of(answerWithin);
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setTlsSocketStrategy(Tls.whenNeeded())
            .setConnectionFactory(BoundedHeads.connections())
            .setMaxConnPerRoute(64)
            .setMaxConnTotal(64)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(CONNECT))
                    .setSocketTimeout(timeout)
                    .setValidateAfterInactivity(TimeValue.ofMilliseconds(500))
                    .setTimeToLive(TimeValue.ofMinutes(2))
                    .build())
            .build();
    return Departure.watched(Unread.broken(HttpClientBuilder.create()))
        .setConnectionManager(connections)
        .addExecInterceptorFirst("within-time", new WithinTime(answerWithin))
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(CONNECT))
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
}
