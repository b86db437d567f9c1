package io.klingdrop.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.settings.ProxySettings.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the variables of a company's proxy mean, as curl and Go read them. */
class ProxySettingsTest {
  private static final Proxy PROXY = new Proxy("proxy.example", 3128, "", "");

  @TempDir private Path folder;

  private ProxySettings read(Map<String, String> environment) {
    return SettingsReader.load(folder, environment, Map.of()).proxy();
  }

  @Test
  void theUsualVariablesAreObeyed() {
    var proxies =
        read(
            Map.of(
                "HTTPS_PROXY", "http://us%40er:p%3Ass+@secure.example:3128/",
                "http_proxy", "plain.example",
                "NO_PROXY", "a.example, b.example"));

    assertThat(proxies.https()).isEqualTo(new Proxy("secure.example", 3128, "us@er", "p:ss+"));
    assertThat(proxies.http()).isEqualTo(new Proxy("plain.example", 80, "", ""));
    assertThat(proxies.direct()).containsExactly("a.example", "b.example");
    assertThat(proxies.to("https", "api.kie.ai", -1)).contains(proxies.https());
    assertThat(proxies.to("http", "api.kie.ai", -1)).contains(proxies.http());
  }

  @Test
  void aSettingOfOurOwnWinsAndNoneSwitchesOff() {
    var set = Map.of("HTTPS_PROXY", "one.example", "KLINGDROP_PROXY_HTTPS", "two.example:8080");
    assertThat(read(set).https()).isEqualTo(new Proxy("two.example", 8080, "", ""));

    var off = Map.of("HTTPS_PROXY", "socks5://one.example", "KLINGDROP_PROXY_HTTPS", "none");
    assertThat(read(off).https()).isNull();
    assertThat(read(Map.of())).isEqualTo(ProxySettings.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://user:hushhush@proxy.example:1080",
        "https://user:hushhush@proxy.example:443",
        "http://user:hush hush@proxy.example",
        "http://user:hush%zzhush@proxy.example",
        "http://user:hushhush@proxy.example/path",
        "http://"
      })
  void whatIsNoProxyIsSaidWithoutThePassword(String address) {
    assertThatThrownBy(() -> read(Map.of("HTTPS_PROXY", address)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageContaining("none: calls leave directly")
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example,            api.example,        443, true",
    "api.example,            v1.api.example,     443, true",
    "api.example,            myapi.example,      443, false",
    ".api.example,           v1.api.example,     443, true",
    "*.api.example,          V1.API.Example,     443, true",
    "api.example,            api.example.,       443, true",
    "api.example:8443,       api.example,        443, false",
    "api.example:8443,       api.example,       8443, true",
    "*,                      api.example,        443, true",
    "10.0.0.0/8,             10.20.30.40,        443, true",
    "10.0.0.0/8,             11.20.30.40,        443, false",
    "10.0.0.0/8,             ten.example,        443, false",
    "10.1.2.3,               10.1.2.3,           443, true",
    "2.3,                    10.1.2.3,           443, false",
    "fd00::/8,               [fd12::1],          443, true",
    "[fd12::1]:443,          [fd12::1],          443, true",
    "fd12::1,                [fd12::1],          443, true",
    "10.0.0.0/99,            10.20.30.40,        443, false",
    "other.example,          localhost,          443, true",
    "other.example,          films.localhost,    443, true",
    "other.example,          127.1.2.3,          443, true",
    "other.example,          [::1],              443, true",
  })
  void whatIsCalledWithoutIt(String entry, String host, int port, boolean direct) {
    var proxies = new ProxySettings(PROXY, PROXY, List.of(entry));

    assertThat(proxies.to("https", host, port).isEmpty()).isEqualTo(direct);
    assertThat(proxies.to("HTTPS", host, port == 443 ? -1 : port).isEmpty()).isEqualTo(direct);
  }

  @Test
  void aPasswordIsNeverShown() {
    var proxies = read(Map.of("HTTPS_PROXY", "http://user:hushhush@[fd12::1]:3128"));

    assertThat(proxies.toString()).contains("http://[fd12::1]:3128").doesNotContain("hush");
  }
}
