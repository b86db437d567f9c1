package io.klingdrop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.process.DataLock;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.FakeKie;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check-up must see, in real folders. */
class DoctorChecksTest {
  @TempDir private Path folder;

  private List<DoctorChecks.Finding> checked(Map<String, String> more) {
    var keys = new HashMap<>(Map.of("klingdrop.http.port", "0"));
    keys.putAll(more);
    return new DoctorChecks(SettingsReader.load(folder, Map.of(), keys)).run();
  }

  private static List<String> said(List<DoctorChecks.Finding> findings, String mark, String what) {
    return findings.stream()
        .filter(one -> one.mark().equals(mark) && one.what().equals(what))
        .map(DoctorChecks.Finding::said)
        .toList();
  }

  private void shippedRoutes() throws IOException {
    var routes = Files.createDirectories(folder.resolve("routes"));
    for (var stage :
        List.of(
            "heartbeat",
            "intake",
            "submit",
            "poll",
            "fetch",
            "deliver",
            "failure",
            "outcomes",
            "callback")) {
      var name = stage + ".camel.yaml";
      try (var in = DoctorChecks.class.getResourceAsStream("/routes/" + name)) {
        Files.copy(in, routes.resolve(name));
      }
    }
  }

  @Test
  void noAccountIsAFaultAndNothingIsMade() throws IOException {
    var findings = checked(Map.of());

    assertThat(said(findings, "FAULT", "accounts")).hasSize(1);
    try (var made = Files.list(folder)) {
      assertThat(made).isEmpty();
    }
  }

  @Test
  void aWorkingKeyAndTheShippedRoutesAreNoFault() throws Exception {
    shippedRoutes();
    try (var kie = FakeKie.start()) {
      var findings =
          checked(
              Map.of(
                  "klingdrop.provider.kie.base-url", kie.url().toString(),
                  "klingdrop.provider.kie.upload-url", kie.url().toString(),
                  "klingdrop.provider.kie.api-key", kie.key()));

      assertThat(findings).noneMatch(one -> one.mark().equals("FAULT"));
      assertThat(said(findings, "ok", "routes")).hasSize(1);
      assertThat(said(findings, "note", "shipped")).isEmpty();
    }
  }

  @Test
  void aBrokenRouteIsNamedWithItsFile() throws IOException {
    shippedRoutes();
    var poll = folder.resolve("routes/poll.camel.yaml");
    Files.writeString(poll, Files.readString(poll).replaceFirst("- bean:", "- baen:"));
    var own = folder.resolve("routes/own.camel.yaml");
    Files.writeString(
        own,
        """
        - route:
            id: own
            from:
              uri: timer:x
              steps:
                - to: nowhere:there
                - to: log:{{no.such.key}}
        """);

    var findings = checked(Map.of());

    assertThat(said(findings, "FAULT", "routes"))
        .anyMatch(line -> line.contains("poll.camel.yaml") && line.contains("baen"))
        .anyMatch(line -> line.contains("own.camel.yaml") && line.contains("nowhere"))
        .anyMatch(line -> line.contains("own.camel.yaml") && line.contains("no.such.key"));
    assertThat(said(findings, "note", "shipped"))
        .singleElement()
        .asString()
        .startsWith("routes/poll.camel.yaml");
  }

  @Test
  void aBeanOrMethodThatIsNotThereIsNamedWithItsRoute() throws IOException {
    shippedRoutes();
    var submit = folder.resolve("routes/submit.camel.yaml");
    Files.writeString(
        submit,
        Files.readString(submit)
            .replace("method: createTask", "method: createTusk")
            .replace("bean: lookups", "bean: lookup")
            .replace("method: unread", "method: red"));
    Files.writeString(
        folder.resolve("routes/own.camel.yaml"),
        """
        - beans:
            - name: words
              type: java.lang.StringBuilder
        - route:
            id: own
            from:
              uri: timer:x
              steps:
                - doTry:
                    steps:
                      - bean: { ref: words, method: "append(${body})" }
                      - bean: { ref: words, method: shout }
                      - bean: { ref: fromSettings, method: anything }
                      - bean: { ref: java.lang.StringBuffer, method: append }
                    doCatch:
                      - exception: java.lang.Exception
                        steps:
                          - bean: { ref: nobody }
        """);
    var config = Files.createDirectories(folder.resolve("config"));
    Files.writeString(
        config.resolve("application.properties"),
        "camel.beans.fromSettings = #class:java.lang.StringBuilder\n");

    var said = said(checked(Map.of()), "FAULT", "routes");

    assertThat(said)
        .hasSize(5)
        .anyMatch(
            line ->
                line.contains("route submit-job: ")
                    && line.endsWith("the bean submissions has no method createTusk"))
        .anyMatch(line -> line.endsWith("route submit-look-for-task: there is no bean lookup"))
        .anyMatch(line -> line.endsWith("the bean bucketMedia has no method red"))
        .anyMatch(line -> line.endsWith("route own: the bean words has no method shout"))
        .anyMatch(line -> line.endsWith("route own: there is no bean nobody"));
  }

  @Test
  void theBeansThatAreKnownWithoutAStartAreThoseOfTheProgram() throws Exception {
    var bound = new HashMap<String, Class<?>>();
    try (var klingdrop =
        new Klingdrop(SettingsReader.load(folder, Map.of(), Map.of("klingdrop.http.port", "0")))) {
      klingdrop.add(
          new RouteBuilder() {
            @Override
            public void configure() {
              RouteBeans.OURS
                  .keySet()
                  .forEach(
                      name ->
                          bound.put(
                              name, getContext().getRegistry().lookupByName(name).getClass()));
            }
          });
      klingdrop.run(true);
    }
    assertThat(bound).isEqualTo(RouteBeans.OURS);
  }

  @Test
  void tooLittleRoomIsAFault() {
    assertThat(DoctorChecks.room(0, 100L << 20)).isEqualTo("FAULT");
    assertThat(DoctorChecks.room(100L * 1024 * 1024 - 1, 100L << 20)).isEqualTo("FAULT");
    assertThat(DoctorChecks.room(100L * 1024 * 1024, 100L << 20)).isEqualTo("note");
    assertThat(DoctorChecks.room(1_000_000_000L, 100L << 20)).isEqualTo("ok");
  }

  @Test
  void aServiceThatRunsHereAndAPortThatIsTakenAreTold() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var port =
          Map.of(
              "klingdrop.http.port",
              Integer.toString(taken.getLocalPort()),
              "klingdrop.http.host",
              "127.0.0.1");
      assertThat(said(checked(port), "note", "port")).hasSize(1);

      try (var lock = DataLock.take(folder.resolve("data"))) {
        assertThat(lock).isNotNull();
        assertThat(said(checked(port), "note", "service")).hasSize(1);
      }
      assertThat(said(checked(port), "note", "service")).isEmpty();
    }
  }
}
