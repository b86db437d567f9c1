package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.sandbox.SandboxProvider;
import io.klingdrop.testing.Certificate;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whether the double and the sandbox speak Kling's protocol as somebody else understands it: {@code
 * kling-api} 1.0.0, a client in JavaScript from npm, takes a task through each. Needs node 18, npm
 * and a way to npm's packages; is skipped, saying why, without them.
 */
class KlingStrangerIT {

  private static final Path SCRIPTS = Path.of("src/test/stranger").toAbsolutePath();
  private static final Path INSTALLED = Path.of("target/stranger").toAbsolutePath();
  private static Certificate certificate;
  private static final String ACCESS_KEY = "stranger-access";
  private static final String SECRET_KEY = "stranger-secret-of-thirty-two-chars";

  @TempDir static Path folder;
  private static TestMedia.Pair pair;
  private static final String WANTED =
      " is not at hand; Debian has node and npm in the packages nodejs and npm: ";

  private static String missing = "";

  @BeforeAll
  static void install() throws Exception {
    Files.createDirectories(INSTALLED);
    require("node", List.of("node", "--version"));
    require("npm", List.of("npm", "--version"));
    for (var file : List.of("package.json", "package-lock.json")) {
      Files.write(INSTALLED.resolve(file), Files.readAllBytes(SCRIPTS.resolve(file)));
    }
    if (!Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))) {
      require(
          "the npm package kling-api",
          List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"));
    }
    certificate = Certificate.make(folder, "ip:127.0.0.1");
    pair = TestMedia.pair(folder, "stranger", 7);
  }

  @BeforeEach
  void skipWithoutNode() {
    if (!missing.isEmpty()) {
      LoggerFactory.getLogger(KlingStrangerIT.class).warn("Skipped: {}", missing);
      abort(missing);
    }
  }

  @Test
  void aStrangersClientGetsAVideoFromTheDouble() throws Exception {
    try (var kling = FakeKling.start("/kling")) {
      kling.addAccessKey(ACCESS_KEY, SECRET_KEY);
      kling.plan().always(TaskPlan.succeeds().states("submitted", "processing", "succeed"));

      var seen = drive(kling.url());

      assertThat(kling.accepted(ACCESS_KEY)).hasSize(1);
      var task = kling.accepted().get(0);
      assertThat(task.media().get("image")).isEqualTo(Files.readAllBytes(pair.image()));
      assertThat(task.media().get("sound_file")).isEqualTo(Files.readAllBytes(pair.audio()));
      assertThat(task.externalTaskId()).hasValue("stranger-1");
      assertThat(task.prompt()).isEqualTo("a stranger says hello");
      assertThat(kling.unauthorised()).isZero();
      assertThat(kling.queries(task.taskId())).isEqualTo(3);
      assertThat(kling.strayCalls()).isEmpty();
      assertSeen(seen, task.taskId());
      assertThat(download(seen)).isEqualTo(kling.resultBytes(task.taskId(), 1));
    }
  }

  @Test
  void aStrangersClientGetsAVideoFromTheSandbox() throws Exception {
    try (var sandbox = SandboxProvider.start(folder.resolve("sandbox"), 0)) {
      var seen = drive(sandbox.klingUrl());

      assertSeen(seen, seen.at("/created/data/task_id").asText());
      assertThat(new String(download(seen), 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
    }
  }

  private static void assertSeen(JsonNode seen, String taskId) {
    assertThat(seen.at("/created/code").asInt(-1)).isZero();
    assertThat(seen.at("/created/data/task_id").asText()).isEqualTo(taskId).matches("\\d{18}");
    assertThat(seen.at("/done/data/task_status").asText()).isEqualTo("succeed");
    assertThat(seen.at("/byExternalId/data/task_id").asText()).isEqualTo(taskId);
    assertThat(seen.at("/account/data/resource_pack_subscribe_infos")).hasSize(1);
    assertThat(seen.at("/refused/name").asText()).isEqualTo("KlingAPIError");
    assertThat(seen.at("/refused/code").asInt()).isEqualTo(1201);
    assertThat(seen.at("/unknown/code").asInt()).isEqualTo(1203);
  }

  private static byte[] download(JsonNode seen) throws Exception {
    var url = URI.create(seen.at("/done/data/task_result/videos/0/url").asText());
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray())
        .body();
  }

  private static JsonNode drive(URI url) throws Exception {
    var command = new ArrayList<>(List.of("node", SCRIPTS.resolve("drive.mjs").toString()));
    command.addAll(List.of(INSTALLED.toString(), url.toString()));
    command.addAll(List.of(certificate.store().toString(), Certificate.PASSWORD));
    command.addAll(List.of(ACCESS_KEY, SECRET_KEY));
    command.addAll(List.of(pair.image().toString(), pair.audio().toString()));
    var trusted = Map.of("NODE_EXTRA_CA_CERTS", certificate.pem().toString());
    var said = run(command, trusted);
    assertThat(said.status()).as("%s", said.output()).isZero();
    var lines = said.output().lines().filter(line -> line.startsWith("{\"created\"")).toList();
    assertThat(lines).as("%s", said.output()).hasSize(1);
    return new ObjectMapper().readTree(lines.get(0));
  }

  /** Notes what is missing, unless this can be run. */
  private static void require(String what, List<String> command) throws InterruptedException {
    if (!missing.isEmpty()) {
      return;
    }
    try {
      var said = run(command, Map.of());
      missing = said.status() == 0 ? "" : what + WANTED + said.output();
    } catch (UncheckedIOException e) {
      missing = what + WANTED + e.getMessage();
    }
  }

  private record Said(int status, String output) {}

  private static Said run(List<String> command, Map<String, String> environment)
      throws InterruptedException {
    try {
      var output = Files.createTempFile(folder, "said", ".txt");
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.directory(INSTALLED.toFile()).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return new Said(-1, "no end after three minutes of " + command.get(0));
      }
      return new Said(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
