package io.klingdrop.settings;

import io.klingdrop.settings.ProxySettings.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the proxies. Their addresses hold passwords, so no fault repeats one. */
record ProxyReader(TypedValues values) {
  private static final Proxy NONE = new Proxy("", 0, "", "");

  ProxySettings read() {
    var direct = Arrays.stream(values.text("klingdrop.proxy.not-for").split("[,\\s]+"));
    return new ProxySettings(
        proxy("klingdrop.proxy.https"),
        proxy("klingdrop.proxy.http"),
        direct.filter(entry -> !entry.isEmpty()).toList());
  }

  private @Nullable Proxy proxy(String key) {
    var proxy = values.value(key, ProxyReader::parsed, NONE);
    return proxy.equals(NONE) ? null : proxy;
  }

  private static Proxy parsed(String text) {
    if (text.isEmpty() || text.equals("none")) {
      return NONE;
    }
    var address = text.contains("://") ? text : "http://" + text;
    if (!address.regionMatches(true, 0, "http://", 0, 7)) {
      throw new IllegalArgumentException(
          "only proxies that are spoken to in plain HTTP are known, such as"
              + " http://proxy.example:3128; none: calls leave directly");
    }
    try {
      var uri = URI.create(address);
      var path = uri.getRawPath();
      if (uri.getHost() != null && (path.isEmpty() || path.equals("/"))) {
        var login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        var colon = login.indexOf(':');
        return new Proxy(
            uri.getHost().replaceFirst("^\\[(.*)]$", "$1"),
            uri.getPort() > 0 ? uri.getPort() : 80,
            decoded(colon < 0 ? login : login.substring(0, colon)),
            decoded(colon < 0 ? "" : login.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      // said below, without the address
    }
    throw new IllegalArgumentException(
        "is no address of a proxy such as http://proxy.example:3128 or"
            + " http://user:password@proxy.example:3128, with a % code for each special character"
            + " of the password; none: calls leave directly");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
