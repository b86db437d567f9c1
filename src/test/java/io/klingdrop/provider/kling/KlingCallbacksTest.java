package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.CallbackWord.Forged;
import io.klingdrop.provider.CallbackWord.Genuine;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KlingCallbacksTest {
  private static final String SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=";
  private static final Instant NOW = Instant.ofEpochSecond(1781080794);

  /** The example of Kling's callback page, 2026. */
  private static final String BODY =
      "{\"id\":\"1234567890\",\"status\":\"succeeded\",\"message\":\"\","
          + "\"create_time\":1781080778802,\"update_time\":1781080794151}";

  private static CallbackWord read(String signature, Instant now, String body, String secret) {
    var headers =
        Map.of(
            "Webhook-Id", "9876543210",
            "webhook-timestamp", "1781080794",
            "WEBHOOK-SIGNATURE", signature);
    return KlingCallbacks.read(new Callback(headers, body), secret, now);
  }

  @Test
  void theProvidersOwnExampleIsBelieved() {
    var signature = "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=";
    assertThat(read(signature, NOW, BODY, SECRET)).isEqualTo(new Genuine("1234567890", true));
    assertThat(read("v1,AAAA " + signature, NOW, BODY, SECRET)).isInstanceOf(Genuine.class);
    assertThat(read(signature, NOW, BODY + " ", SECRET)).isInstanceOf(Forged.class);
    assertThat(read("", NOW, BODY, SECRET)).isInstanceOf(Forged.class);
    assertThat(read(signature, NOW.plus(Duration.ofMinutes(6)), BODY, SECRET))
        .isInstanceOf(Forged.class);
    assertThat(read(signature, NOW.minus(Duration.ofMinutes(6)), BODY, SECRET))
        .isInstanceOf(Forged.class);
  }

  @Test
  void whatAnotherLibrarySignsIsBelieved() throws Exception {
    var signature = new Webhook(SECRET).sign("9876543210", 1781080794, BODY);
    assertThat(read(signature, NOW, BODY, SECRET)).isEqualTo(new Genuine("1234567890", true));
  }

  @Test
  void theOldBodyIsReadAndNewsOnTheWayAreNoEnd() {
    var old = "{\"task_id\":\"t1\",\"task_status\":\"%s\",\"task_info\":{}}";
    assertThat(read("", NOW, old.formatted("succeed"), "")).isEqualTo(new Genuine("t1", true));
    assertThat(read("", NOW, old.formatted("failed"), "")).isEqualTo(new Genuine("t1", true));
    assertThat(read("", NOW, old.formatted("processing"), "")).isEqualTo(new Genuine("t1", false));
    assertThat(read("", NOW, "{\"status\":\"submitted\",\"outputs\":[]}", ""))
        .isEqualTo(new Genuine("", false));
    assertThat(read("", NOW, "[]", "")).isInstanceOf(Forged.class);
  }
}
