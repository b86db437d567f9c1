package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.http.Logins.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who guesses waits, and who knows does not. */
class LoginsTest {
  private static final String GUESSER = "198.51.100.7";
  private Instant now = Instant.parse("2026-11-28T08:00:00Z");
  private Logins logins;

  @BeforeEach
  void open() throws Exception {
    var salt = "a salt of 16 byt".getBytes(StandardCharsets.UTF_8);
    var key =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec("open sesame".toCharArray(), salt, 1000, 256))
            .getEncoded();
    var base64 = Base64.getEncoder();
    var hash =
        "pbkdf2-sha256:1000:" + base64.encodeToString(salt) + ":" + base64.encodeToString(key);
    logins = new Logins("ann", hash, () -> now);
  }

  @AfterEach
  void close() {
    logins.close();
  }

  private Verdict check(String password, String address)
      throws ExecutionException, InterruptedException {
    return asks(password, address).get();
  }

  private CompletableFuture<Verdict> asks(String password, String address) {
    var pair = ("ann:" + password).getBytes(StandardCharsets.UTF_8);
    var header = "Basic " + Base64.getEncoder().encodeToString(pair);
    return logins.check(header, address).toCompletableFuture();
  }

  @Test
  void whoGuessesHasToWaitLongerEachTime() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(check("guess " + i, GUESSER)).isEqualTo(Verdict.WRONG);
    }
    assertThat(check("open sesame", GUESSER).later()).isEqualTo(Duration.ofSeconds(1));
    now = now.plusSeconds(1);
    assertThat(check("guess 6", GUESSER)).isEqualTo(Verdict.WRONG);
    assertThat(check("guess 7", GUESSER).later()).isEqualTo(Duration.ofSeconds(2));
    assertThat(check("open sesame", "198.51.100.8")).isEqualTo(Verdict.RIGHT);
    now = now.plusSeconds(2);
    assertThat(check("open sesame", GUESSER)).isEqualTo(Verdict.RIGHT);
    assertThat(check("guess 8", GUESSER)).isEqualTo(Verdict.WRONG);
    assertThat(logins.counts()).containsExactly(1, 7, 2);
  }

  @Test
  void aRightLoginIsRememberedWhateverOthersGuess() throws Exception {
    assertThat(check("open sesame", GUESSER)).isEqualTo(Verdict.RIGHT);
    for (int i = 0; i < 300; i++) {
      check("guess " + i, GUESSER);
    }
    assertThat(check("open sesame", GUESSER)).isEqualTo(Verdict.RIGHT);
    now = now.plus(Duration.ofMinutes(61));
    assertThat(check("open sesame", GUESSER)).isEqualTo(Verdict.RIGHT);
    assertThat(logins.counts()[0]).isEqualTo(2);
  }

  @Test
  void aFloodFromManyAddressesIsTurnedAwayAtOnce() throws Exception {
    var asked = new ArrayList<CompletableFuture<Verdict>>();
    for (int i = 0; i < 200; i++) {
      asked.add(asks("guess " + i, "198.51.100." + i));
    }

    var turnedAway = 0;
    for (var answer : asked) {
      turnedAway += answer.get().later().isZero() ? 0 : 1;
    }
    assertThat(turnedAway).isPositive().isEqualTo((int) logins.counts()[2]);
  }

  @Test
  void aProgramWithAnOldPasswordKeepsNobodyOut() throws Exception {
    for (int i = 0; i < 300; i++) {
      assertThat(check("last year's", GUESSER)).isEqualTo(Verdict.WRONG);
    }
    assertThat(check("open sesame", GUESSER)).isEqualTo(Verdict.RIGHT);
  }

  @Test
  void theAddressesOfOneNetworkAreOne() {
    var penalties = new Penalties(() -> now);
    for (int i = 0; i < 5; i++) {
      assertThat(penalties.tries("2001:db8:1:2:0:0:0:" + i)).isZero();
    }
    assertThat(penalties.tries("2001:db8:1:2:a:b:c:d")).isPositive();
    assertThat(penalties.tries("2001:db8:1:3:0:0:0:1")).isZero();
  }
}
