package io.klingdrop.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
    assertThat(new PublicAddresses(false).resolve(address))
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
    assertThatThrownBy(() -> new PublicAddresses(false).resolve(notation))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("public servers only");
  }

  @Test
  void privateAddressesAreLookedUpWhereTheyAreAllowed() throws UnknownHostException {
    assertThat(new PublicAddresses(true).resolve("127.0.0.1"))
        .containsExactly(InetAddress.getByName("127.0.0.1"));
  }

  private static void refused(String address) throws UnknownHostException {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    assertThatThrownBy(() -> new PublicAddresses(false).resolve(address))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("private address");
  }
}
