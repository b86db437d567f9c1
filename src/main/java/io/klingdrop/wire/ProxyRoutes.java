package io.klingdrop.wire;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.ProxySettings.Proxy;
import java.io.IOException;
import java.util.Optional;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Leads the calls of a client through the proxies of the settings. A proxy's login is sent with the
 * first request: a client that waits to be asked for it says everything twice, and says nothing
 * twice here.
 */
public final class ProxyRoutes extends DefaultRoutePlanner {
  private final ProxySettings proxies;
  private final Hosts hosts;

  /** Has a say before a host is called, by whatever way. */
  @FunctionalInterface
  public interface Hosts {
    /**
     * Looks at a host.
     *
     * @param proxied whether a proxy looks its name up, not this program
     * @throws HttpException if it must not be called
     */
    void judge(String host, boolean proxied) throws HttpException;
  }

  private ProxyRoutes(ProxySettings proxies, Hosts hosts) {
    super(DefaultSchemePortResolver.INSTANCE);
    this.proxies = proxies;
    this.hosts = hosts;
  }

  /** Leads all calls of a client that is being built. */
  public static HttpClientBuilder led(
      HttpClientBuilder client, ProxySettings proxies, Hosts hosts) {
    return client
        .setRoutePlanner(new ProxyRoutes(proxies, hosts))
        .addExecInterceptorBefore(
            ChainElement.PROTOCOL.name(),
            "proxy-login",
            (request, scope, chain) -> loggedIn(proxies, request, scope, chain));
  }

  @Override
  protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context)
      throws HttpException {
    var proxy = proxy(proxies, target);
    hosts.judge(target.getHostName(), proxy.isPresent());
    return proxy.map(way -> new HttpHost("http", way.host(), way.port())).orElse(null);
  }

  private static Optional<Proxy> proxy(ProxySettings proxies, HttpHost target) {
    return proxies.to(target.getSchemeName(), target.getHostName(), target.getPort());
  }

  private static ClassicHttpResponse loggedIn(
      ProxySettings proxies, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var address = scope.route.getProxyHost();
    var proxy = proxy(proxies, scope.route.getTargetHost()).filter(Proxy::login).orElse(null);
    if (address != null && proxy != null) {
      var basic = new BasicScheme();
      basic.initPreemptive(
          new UsernamePasswordCredentials(proxy.user(), proxy.password().toCharArray()));
      scope.clientContext.getAuthExchange(address).select(basic);
    }
    return chain.proceed(request, scope);
  }
}
