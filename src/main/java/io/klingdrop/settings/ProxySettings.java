package io.klingdrop.settings;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that calls leave through, as {@code HTTPS_PROXY} and its relatives say. Immutable.
 *
 * @param https for https addresses, by a tunnel (CONNECT); null: none
 * @param http for http addresses, which it reads; null: none
 * @param direct what is called without a proxy: names with all below them, addresses, networks such
 *     as {@code 10.0.0.0/8}, each with a port if only that one is meant; {@code *} for all
 */
public record ProxySettings(@Nullable Proxy https, @Nullable Proxy http, List<String> direct) {
  /** No proxy for anything. */
  public static final ProxySettings NONE = new ProxySettings(null, null, List.of());

  public ProxySettings {
    direct = direct.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).toList();
  }

  /** One proxy, spoken to in plain HTTP; it asks for no login if the user is empty. */
  public record Proxy(String host, int port, String user, String password) {

    public boolean login() {
      return !user.isEmpty();
    }

    /** Its address, without the login. */
    @Override
    public String toString() {
      return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * The proxy on the way to a server; empty if it is called directly, as this machine always is.
   *
   * @param scheme {@code http} or {@code https}
   * @param port 0 or less: the usual one of the scheme
   */
  public Optional<Proxy> to(String scheme, String host, int port) {
    var secure = scheme.equalsIgnoreCase("https");
    var proxy = secure ? https : http;
    if (proxy == null) {
      return Optional.empty();
    }
    var name = bare(host);
    var usual = secure ? 443 : 80;
    var called = port > 0 ? port : usual;
    return here(name) || direct.stream().anyMatch(entry -> matches(entry, name, called))
        ? Optional.empty()
        : Optional.of(proxy);
  }

  /** Whether that host is one of the proxies themselves. */
  public boolean isProxy(String host) {
    return (https != null && https.host().equalsIgnoreCase(host))
        || (http != null && http.host().equalsIgnoreCase(host));
  }

  /** Without the brackets of an IPv6 address and the dot at the end of a full name. */
  private static String bare(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst("^\\[(.*)]$", "$1").replaceFirst("\\.$", "");
  }

  private static boolean here(String name) {
    return name.matches("(.*\\.)?localhost")
        || literal(name).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private static boolean matches(String entry, String name, int port) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.contains("/")) {
      return inNetwork(entry, name);
    }
    var host = entry;
    var colon = entry.lastIndexOf(':');
    if (colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']')) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      host = entry.substring(0, colon);
    }
    host = bare(host).replaceFirst("^\\*?\\.", "");
    return name.equals(host) || (name.endsWith("." + host) && literal(name).isEmpty());
  }

  private static boolean inNetwork(String network, String name) {
    var parts = network.split("/", 2);
    var base = literal(bare(parts[0]));
    var address = literal(name);
    if (base.isEmpty() || address.isEmpty() || !parts[1].matches("\\d{1,3}")) {
      return false;
    }
    var one = base.get().getAddress();
    var two = address.get().getAddress();
    var rest = one.length * 8 - Integer.parseInt(parts[1]);
    return one.length == two.length
        && rest >= 0
        && new BigInteger(1, one).shiftRight(rest).equals(new BigInteger(1, two).shiftRight(rest));
  }

  /** An address that needs no look into the DNS. */
  private static Optional<InetAddress> literal(String name) {
    if (!name.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(name));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
