package io.klingdrop.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.testing.SettableTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Any text as the address of a result. No name server is asked and nobody is connected to: the
 * judge of hosts sees literal addresses only, and lets none through that is private.
 */
final class AddressBytes implements AutoCloseable {
  private final Path part;
  private final Download download;

  AddressBytes(Path folder) {
    part = folder.resolve("1.part");
    download =
        new Download(
            new Settings.Result(false, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            ProxySettings.NONE,
            SettableTime.running(),
            new SystemDefaultDnsResolver() {
              @Override
              public InetAddress[] resolve(String host) throws UnknownHostException {
                return literal(host);
              }
            },
            (host, proxied) -> {});
  }

  private static InetAddress[] literal(String host) throws UnknownHostException {
    if (host.matches("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?")) {
      for (var address : new PublicAddresses(false, ProxySettings.NONE).resolve(host)) {
        assertThat(address.isLoopbackAddress() || address.isSiteLocalAddress()).isFalse();
        assertThat(address.isLinkLocalAddress() || address.isAnyLocalAddress()).isFalse();
      }
    }
    throw new UnknownHostException("nobody is asked");
  }

  void judge(byte[] bytes) {
    try {
      download.fetch(new String(bytes, StandardCharsets.UTF_8), part);
      throw new AssertionError("something was fetched");
    } catch (FetchException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThanOrEqualTo(500);
      assertThat(e.getMessage().codePoints()).noneMatch(Character::isISOControl);
    } catch (IOException e) {
      throw new AssertionError("the disk is not to blame", e);
    }
  }

  static List<byte[]> samples() {
    return List.of(
            "https://a.example/1.mp4?X-Amz-Signature=abc",
            "http://user:word@a.example:8080/1.mp4#part",
            "http://127.0.0.1/1.mp4",
            "http://2130706433/",
            "http://[::ffff:7f00:1]/1.mp4",
            "http://169.254.169.254/latest/meta-data",
            "http://[fe80::1%25eth0]/",
            "HTTPS://a_b.example/%0d%0aX:%20y",
            "file:///etc/passwd",
            "ftp://a.example/1",
            "http://a.example:99999999999/",
            "http://a.example:-1/",
            "https://ex\u00e4mple.example/",
            "jar:http://a.example/1!/2",
            "http:\\\\a.example\\1")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void close() {
    try {
      download.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
