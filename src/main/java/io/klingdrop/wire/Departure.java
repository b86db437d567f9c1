package io.klingdrop.wire;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.util.TimeValue;

/**
 * Knows of every call whether its request has begun to leave. The kind of an exception does not
 * tell: a process without free file descriptors fails with a plain SocketException, and a server
 * may break a handshake off after the request was written. So the step between connecting and
 * sending leaves a mark on the call, and what fails without the mark becomes a {@link
 * NotSentException}. A mark only says that bytes may have left, never that they arrived.
 */
final class Departure {
  private static final String BEGUN = "klingdrop.request-begun";

  private Departure() {}

  /** Watches all calls of a client that is being built. */
  static HttpClientBuilder watched(HttpClientBuilder client) {
    return client
        .addExecInterceptorFirst("departure", Departure::judged)
        .addExecInterceptorAfter(ChainElement.CONNECT.name(), "request-begins", Departure::begins);
  }

  private static ClassicHttpResponse judged(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    scope.clientContext.removeAttribute(BEGUN);
    ClassicHttpResponse response;
    try {
      response = chain.proceed(request, scope);
    } catch (IOException | HttpException | RuntimeException e) {
      if (begun(scope)) {
        throw e;
      }
      throw new NotSentException(e);
    }
    var status = response.getCode();
    var login = status == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
    // the proxy on the way said no, and in the provider's place
    if (!begun(scope) || (proxied(scope) && login)) {
      scope.execRuntime.discardEndpoint();
      var wants = login ? ": it wants another user or password" : "";
      throw new NotSentException(
          "the proxy %s does not connect (it answers HTTP %d%s)"
              .formatted(scope.route.getProxyHost(), status, wants));
    }
    return response;
  }

  /** Whether a proxy reads the request; a tunnel's does not. */
  private static boolean proxied(ExecChain.Scope scope) {
    return scope.route.getProxyHost() != null && !scope.route.isTunnelled();
  }

  private static boolean begun(ExecChain.Scope scope) {
    return scope.clientContext.getAttribute(BEGUN) != null;
  }

  private static ClassicHttpResponse begins(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    try {
      SendLimit.check();
    } catch (IOException e) {
      // the connection is a good one: the next try finds it ready
      scope.execRuntime.markConnectionReusable(null, TimeValue.NEG_ONE_MILLISECOND);
      scope.execRuntime.releaseEndpoint();
      throw e;
    }
    scope.clientContext.setAttribute(BEGUN, true);
    return chain.proceed(request, scope);
  }
}
