package io.klingdrop.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.ProxySettings.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.http.HttpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Literal addresses only: nothing here asks a name server. */
class PublicAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255"
      })
  void anAddressOfASpecialBlockIsNotPublic(String address) throws UnknownHostException {
    refused(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.0.1",
        "169.255.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.0.3.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.1",
        "203.0.112.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:82a::200e",
        "64:ff9b::101:101",
        "2002:101:101::1"
      })
  void theNeighboursOfTheSpecialBlocksArePublic(String address) throws UnknownHostException {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    assertThat(new PublicAddresses(false, ProxySettings.NONE).resolve(address))
        .containsExactly(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "100::1",
        "2001:db8::1",
        "2001:0:1::1",
        "2001:2::1",
        "2001:20::1",
        "3fff::1",
        "5f00::1"
      })
  void anAddressOfSixOutsideThePublicOnesIsNotPublic(String address) throws UnknownHostException {
    refused(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::1",
        "2002:c0a8:1::1"
      })
  void aPrivateAddressOfFourInTheDressOfSixIsSeenThrough(String address)
      throws UnknownHostException {
    refused(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"64:ff9b:1::101:101", "64:ff9b:1:7f00:0:100:808:808"})
  void theTranslatorsOfALocalNetworkAreNotPublic(String address) throws UnknownHostException {
    refused(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2130706433", "127.1", "127.0.1", "[::1]"})
  void aLoopbackAddressIsSeenThroughInEveryNotation(String notation) {
    assertThatThrownBy(() -> new PublicAddresses(false, ProxySettings.NONE).resolve(notation))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("public servers only");
  }

  @Test
  void privateAddressesAreLookedUpWhereTheyAreAllowed() throws UnknownHostException {
    assertThat(new PublicAddresses(true, ProxySettings.NONE).resolve("127.0.0.1"))
        .containsExactly(InetAddress.getByName("127.0.0.1"));
  }

  /** Names as a network behind a proxy knows them: a few of the inside, none of the outside. */
  private static PublicAddresses behindProxy(boolean allowPrivate) {
    var proxy = new Proxy("proxy.corp", 3128, "", "");
    return new PublicAddresses(
        allowPrivate,
        new ProxySettings(proxy, proxy, List.of()),
        new SystemDefaultDnsResolver() {
          @Override
          public InetAddress[] resolve(String host) throws UnknownHostException {
            if (host.matches("[0-9.]+|.*:.*")) {
              return super.resolve(host);
            }
            if (List.of("proxy.corp", "wiki.example").contains(host)) {
              return new InetAddress[] {InetAddress.getByName("10.1.2.3")};
            }
            throw new UnknownHostException(host);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "::1",
        "wiki.example",
        "wiki",
        "metadata.google.internal",
        "NAS.Local",
        "nas.local.",
        "proxy.corp"
      })
  void behindAProxyNothingOfTheInsideIsCalled(String host) {
    assertThatThrownBy(() -> behindProxy(false).judge(host, true))
        .isInstanceOf(HttpException.class)
        .hasMessageContaining(host);
    assertThatCode(() -> behindProxy(true).judge(host, true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"files.example.com", "1.1.1.1", "tempfile.aiquickdraw.com", "x2.example"})
  void behindAProxyNamesOfTheOutsideNeedNotBeKnownHere(String host) {
    assertThatCode(() -> behindProxy(false).judge(host, true)).doesNotThrowAnyException();
  }

  @Test
  void theProxyItselfMayBeCalledButHoldsNoResult() throws Exception {
    assertThat(behindProxy(false).resolve("proxy.corp"))
        .containsExactly(InetAddress.getByName("10.1.2.3"));
    assertThatThrownBy(() -> behindProxy(false).judge("proxy.corp", false))
        .isInstanceOf(HttpException.class);
    assertThatThrownBy(() -> behindProxy(false).resolve("wiki.example"))
        .isInstanceOf(UnknownHostException.class);
  }

  private static void refused(String address) throws UnknownHostException {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    assertThatThrownBy(() -> new PublicAddresses(false, ProxySettings.NONE).resolve(address))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("private address");
  }
}
