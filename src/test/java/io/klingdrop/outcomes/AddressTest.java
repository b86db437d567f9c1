package io.klingdrop.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an endpoint's address may be seen. */
class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "jms:queue:failed, jms:queue:failed",
    "jms:queue:failed?username=u&password=hush-hush, jms:queue:failed",
    "sftp://user:hush-hush@host/in?privateKeyPassphrase=hush-hush, sftp://host/in",
    "ftp:user@host/in, ftp:host/in",
    "kafka:failed?brokers=a:1&saslJaasConfig=RAW(hush-hush), kafka:failed",
    "https://hooks.example/services/T0/hush-hush, https://hooks.example/…",
    "https://hooks.example?token=hush-hush, https://hooks.example",
  })
  void neitherUserNorOptionsNorWebPathsAreShown(String uri, String shown) {
    var address = new Address(uri);
    assertThat(address.shown().replaceFirst(" #[0-9a-f]{6}$", "")).isEqualTo(shown);
    assertThat(address.hide("cannot reach " + uri)).doesNotContain("hush-hush");
    assertThat(address).hasToString(address.shown());
  }

  @Test
  void twoAddressesThatLookAlikeAreTold() {
    var one = new Address("https://hooks.example/services/one");
    assertThat(one.shown()).isNotEqualTo(new Address("https://hooks.example/services/two").shown());
  }
}
