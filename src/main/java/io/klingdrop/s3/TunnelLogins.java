package io.klingdrop.s3;

import io.klingdrop.settings.ProxySettings;

/**
 * Has the JDK log in at the proxy of a tunnel, which it does not by itself since 8u111: the only
 * way to log in that there is, Basic, is left out. Knows nothing of the SDK, so that it can be said
 * before anybody opens a connection; later it is not heard.
 */
final class TunnelLogins {
  private static final String LEFT_OUT = "jdk.http.auth.tunneling.disabledSchemes";

  private TunnelLogins() {}

  /** Allows them if the proxy wants one and nobody has said otherwise. */
  static void allow(ProxySettings proxies) {
    var https = proxies.https();
    if (https != null && https.login() && System.getProperty(LEFT_OUT) == null) {
      System.setProperty(LEFT_OUT, "");
    }
  }
}
