package io.klingdrop.fetch;

import io.klingdrop.settings.ProxySettings;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.http.HttpException;

/**
 * Looks up hosts and refuses those that lead into a private network. It is asked at every
 * connection, so that a redirect, a literal address in any notation and a name that changes its
 * mind between check and use are all judged by the address that is really connected to.
 *
 * <p>Behind a proxy it is the proxy that looks a name up and connects. Then a name is refused if it
 * leads into a private network from here, and one that cannot be looked up from here, as behind
 * many a proxy, if it looks like a name of the inside.
 *
 * @param names looks them up
 */
record PublicAddresses(boolean allowPrivate, ProxySettings proxies, DnsResolver names)
    implements DnsResolver {
  /** Names for private use (RFC 6762, RFC 8375, ICANN 2024) and those many networks took. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "[^.]*|.*\\.(local|localhost|internal|intranet|private|lan|home|corp|home\\.arpa|localdomain)");

  /** What ends in a number is an IPv4 address to some, with octal and hexadecimal parts. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

  private static final Pattern QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  PublicAddresses(boolean allowPrivate, ProxySettings proxies) {
    this(allowPrivate, proxies, SystemDefaultDnsResolver.INSTANCE);
  }

  /**
   * Judges a host before it is called.
   *
   * @throws HttpException if it must not be called
   */
  void judge(String host, boolean proxied) throws HttpException {
    // the proxy itself may be called, and stands in a private network: not so as the result's host
    if (allowPrivate || !(proxied || proxies.isProxy(host))) {
      return;
    }
    var name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (NUMBER.matcher(name).matches() && !QUAD.matcher(name).matches()) {
      throw new HttpException(
          "the host %s is a number that others may read as another address".formatted(host));
    }
    try {
      refusePrivate(host, names.resolve(host));
    } catch (PrivateAddressException e) {
      throw new HttpException(e.getMessage(), e);
    } catch (UnknownHostException e) {
      if (INSIDE.matcher(name).matches()) {
        throw new HttpException(
            "the host %s is a name of a private network; results come from public servers only"
                .formatted(host),
            e);
      }
    }
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var addresses = names.resolve(host);
    if (!allowPrivate && !proxies.isProxy(host)) {
      refusePrivate(host, addresses);
    }
    return addresses;
  }

  private static void refusePrivate(String host, InetAddress[] addresses)
      throws PrivateAddressException {
    for (var address : addresses) {
      if (!isPublic(address)) {
        throw new PrivateAddressException(
            "the host %s is the private address %s; results come from public servers only"
                .formatted(host, address.getHostAddress()));
      }
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return names.resolveCanonicalHostname(host);
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    var bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublic4(bytes, 0);
    }
    return !(address instanceof Inet6Address) || isPublic6(bytes);
  }

  /** IPv4 special-purpose blocks (IANA registry, 2026) beyond those the JDK knows. */
  private static boolean isPublic4(byte[] bytes, int at) {
    int a = bytes[at] & 0xff;
    int b = bytes[at + 1] & 0xff;
    int c = bytes[at + 2] & 0xff;
    return a != 0
        && a != 10
        && a != 127
        && a < 224
        && !(a == 100 && b >= 64 && b < 128)
        && !(a == 169 && b == 254)
        && !(a == 172 && b >= 16 && b < 32)
        && !(a == 192 && b == 168)
        && !(a == 192 && b == 0 && (c == 0 || c == 2))
        && !(a == 198 && (b == 18 || b == 19))
        && !(a == 198 && b == 51 && c == 100)
        && !(a == 203 && b == 0 && c == 113);
  }

  /** Global unicast only, and no IPv4 address in disguise that is private itself. */
  private static boolean isPublic6(byte[] bytes) {
    var first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    var second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    if (first == 0x0064 && second == 0xff9b) {
      // the well-known prefix is 96 bits long; 64:ff9b:1::/48 is for local networks (RFC 8215)
      var middle = 0;
      for (int at = 4; at < 12; at++) {
        middle |= bytes[at];
      }
      return middle == 0 && isPublic4(bytes, 12);
    }
    if (first == 0x2002) {
      return isPublic4(bytes, 2);
    }
    // 2001::/23 holds tunnels, benchmarks and identifiers (IANA registry, 2026)
    var protocols = first == 0x2001 && second < 0x0200;
    var documentation =
        (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    return (first & 0xe000) == 0x2000 && !documentation && !protocols;
  }

  private static final class PrivateAddressException extends UnknownHostException {
    PrivateAddressException(String message) {
      super(message);
    }
  }
}
