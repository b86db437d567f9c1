package io.klingdrop.provider.kling;

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

/** Any bytes as an answer of a server that speaks like Kling, to every question. */
final class KlingAnswers implements AutoCloseable {
  private final ObjectMapper mapper = new ObjectMapper();
  private final CannedWire wire =
      new CannedWire(
          mapper, List.of(KlingCalls.createTask("comet"), KlingCalls.queryTask("comet")));
  private final ProviderSettings settings;
  private final ErrorTable errors;

  KlingAnswers() {
    var folder = Path.of("nowhere");
    settings =
        SettingsReader.load(
                folder, Map.of("KLINGDROP_PROVIDER_COMET_API_KEY", Answered.KEY), Map.of())
            .providers()
            .stream()
            .filter(account -> account.name().equals("comet"))
            .findFirst()
            .orElseThrow();
    errors = ErrorTable.load(folder, "kling");
  }

  void judge(byte[] answer) {
    Answered.judge(
        () ->
            new KlingProvider(
                wire, settings, model -> Map.of(), errors, mapper, SettableTime.running()),
        wire,
        answer);
  }

  static List<byte[]> samples() {
    return List.of(
        Answered.ok(
            "{\"code\":0,\"message\":\"SUCCEED\",\"request_id\":\"r\",\"data\":{\"task_id\":"
                + "\"7721\",\"task_status\":\"submitted\",\"created_at\":1755599634000,"
                + "\"updated_at\":1755599635000,\"task_info\":{\"external_task_id\":\"kd-1\"}}}"),
        Answered.ok(
            "{\"code\":0,\"data\":{\"task_id\":\"7721\",\"task_status\":\"succeed\","
                + "\"final_unit_deduction\":\"4.5\",\"task_result\":{\"videos\":[{\"id\":\"1\","
                + "\"url\":\"https://a.example/1.mp4?k="
                + Answered.KEY
                + "\",\"duration\":\"5\"}]},\"created_at\":1755599634000,"
                + "\"updated_at\":1755599964000}}"),
        Answered.ok(
            "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\",\"fail_reason\":"
                + "\"https://a.example/1.mp4\",\"data\":{\"data\":{\"task_status\":\"succeed\"}}}}"),
        Answered.ok("{\"id\":\"v-1\",\"status\":\"in_progress\"}"),
        Answered.ok(
            "{\"code\":0,\"data\":{\"task_id\":\"7\",\"task_status\":\"failed\","
                + "\"task_status_msg\":\"risk control "
                + Answered.KEY
                + "\"}}"),
        Answered.ok("{\"error\":{\"message\":\"no quota\",\"type\":\"new_api\",\"code\":1102}}"),
        Answered.ok(
            "{\"code\":\"fail_to_fetch_task\",\"message\":\"{\\\"code\\\":1303,\\\"message\\\":"
                + "\\\"parallel task over resource pack limit\\\"}\"}"),
        Answered.ok("{\"code\":1201,\"message\":\"image pixel is invalid\"}"),
        Answered.ok("<!DOCTYPE html><html><body>502</body></html>"));
  }

  @Override
  public void close() {
    wire.close();
  }
}
