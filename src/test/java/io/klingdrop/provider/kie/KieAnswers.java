package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.Answered;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.CannedWire;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Any bytes as an answer of kie.ai, to every question. */
final class KieAnswers implements AutoCloseable {
  private final ObjectMapper mapper = new ObjectMapper();
  private final CannedWire wire =
      new CannedWire(
          mapper,
          List.of(
              "direct:kie-create-task",
              "direct:kie-record-info",
              "direct:kie-credit",
              "direct:kie-download-url",
              "direct:kie-upload"));
  private final ProviderSettings settings;
  private final ErrorTable errors;

  KieAnswers() {
    var folder = Path.of("nowhere");
    settings =
        SettingsReader.load(
                folder, Map.of("KLINGDROP_PROVIDER_KIE_API_KEY", Answered.KEY), Map.of())
            .kie();
    errors = ErrorTable.load(folder, "kie");
  }

  void judge(byte[] answer) {
    Answered.judge(
        () -> new KieProvider(wire, settings, errors, SettableTime.running()), wire, answer);
  }

  static List<byte[]> samples() {
    return List.of(
        Answered.ok("{\"code\":200,\"msg\":\"success\",\"data\":{\"taskId\":\"281e5b0f39b9\"}}"),
        Answered.ok("{\"code\":200,\"msg\":\"success\",\"data\":{\"taskId\":7}}"),
        Answered.ok("{\"code\":200,\"data\":5916.25}"),
        Answered.ok("{\"code\":200,\"data\":\"https://a.example/fresh.mp4?t=1\"}"),
        Answered.ok("{\"code\":401,\"msg\":\"key " + Answered.KEY + " is unknown\"}"),
        Answered.ok("{\"code\":422,\"msg\":\"recordInfo is null\",\"data\":null}"),
        Answered.ok("{\"code\":500,\"msg\":\"Credits insufficient\"}"),
        Answered.ok("{\"code\":200,\"data\":{\"taskId\":\"a\",\"state\":\"waiting\"}}"),
        Answered.ok(
            "{\"code\":200,\"data\":{\"taskId\":\"a\",\"state\":\"success\",\"resultJson\":"
                + "\"{\\\"resultUrls\\\":[\\\"https://a.example/1.mp4?k="
                + Answered.KEY
                + "\\\",{\\\"url\\\":\\\"http://b.example/2.mp4\\\"}]}\",\"creditsConsumed\":100,"
                + "\"createTime\":1755599634000,\"completeTime\":1755599964000}}"),
        Answered.ok(
            "{\"code\":200,\"data\":{\"state\":\"success\",\"resultJson\":{\"resultUrls\":"
                + "[\"https://a.example/1.mp4\"]},\"consumeCredits\":1.5}}"),
        Answered.ok(
            "{\"code\":200,\"data\":{\"state\":\"fail\",\"failCode\":\"501\",\"failMsg\":"
                + "\"content policy\",\"creditsConsumed\":0}}"),
        Answered.ok("<!DOCTYPE html><html><body>502</body></html>"));
  }

  @Override
  public void close() {
    wire.close();
  }
}
