package io.klingdrop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.SettingsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What routes may read of the settings. */
class CamelSetupTest {
  @TempDir private Path folder;

  @Test
  void noSecretIsAPlaceholder() {
    var set = new HashMap<String, String>();
    set.put("KIE_API_KEY", "hush-kie");
    set.put("HTTPS_PROXY", "http://me:hush-proxy@proxy.example:3128");
    set.put("KLINGDROP_S3_BUCKET", "studio");
    set.put("KLINGDROP_S3_ACCESS_KEY", "hush-access");
    set.put("KLINGDROP_S3_SECRET_KEY", "hush-secret");
    set.put("KLINGDROP_DB_PASSWORD", "hush-password");
    set.put("KLINGDROP_PROVIDER_KLING_CALLBACK_KEY", "whsec_aHVzaC1raGluZw==");
    set.put("KLINGDROP_WEBHOOK_SECRET", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
    set.put("KLINGDROP_POLL_MAX", "17s");

    var placeholders = CamelSetup.placeholders(SettingsReader.load(folder, set, Map.of()));

    assertThat(placeholders.toString()).doesNotContain("hush", "whsec_");
    assertThat(placeholders.getProperty("klingdrop.poll.max")).isEqualTo("17s");
    assertThat(placeholders.getProperty("klingdrop.poll.heartbeat-millis")).isEqualTo("1000");
  }
}
