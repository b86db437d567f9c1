package io.klingdrop.s3;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.ProxySettings.Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionFactory;

/**
 * Connections for the SDK, through the proxies of the settings. Thread-safe. The SDK's own way
 * knows one proxy, and no login for a tunnel.
 */
record Connections(ProxySettings proxies) implements UrlConnectionFactory {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final String LOGIN = "Proxy-Authorization";

  @Override
  public HttpURLConnection createConnection(URI uri) {
    try {
      var proxy = proxies.to(uri.getScheme(), uri.getHost(), uri.getPort());
      var way =
          proxy
              .map(
                  p ->
                      new java.net.Proxy(
                          java.net.Proxy.Type.HTTP, new InetSocketAddress(p.host(), p.port())))
              .orElse(java.net.Proxy.NO_PROXY);
      var connection = (HttpURLConnection) uri.toURL().openConnection(way);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) SILENCE.toMillis());
      // also without a proxy: else the program's own, if there is one, might answer the bucket
      connection.setAuthenticator(login(proxy.orElse(null)));
      if (uri.getScheme().equalsIgnoreCase("http")) {
        // a body that is streamed cannot be sent again when the proxy has asked who we are
        proxy.filter(Proxy::login).ifPresent(p -> connection.setRequestProperty(LOGIN, basic(p)));
      }
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String basic(Proxy proxy) {
    var login = (proxy.user() + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /** Answers the proxy, and nobody else. */
  private static Authenticator login(@Nullable Proxy proxy) {
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return proxy == null || !proxy.login() || getRequestorType() != RequestorType.PROXY
            ? null
            : new PasswordAuthentication(proxy.user(), proxy.password().toCharArray());
      }
    };
  }
}
