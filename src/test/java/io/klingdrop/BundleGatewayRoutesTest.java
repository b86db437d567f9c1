package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.app.Klingdrop;
import io.klingdrop.job.JobState;
import io.klingdrop.process.StartException;
import io.klingdrop.testing.Examples;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of others that hand bundles over, written in YAML as the documents show. */
class BundleGatewayRoutesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    var routes = Files.createDirectories(folder.resolve("routes"));
    try (var shipped = Files.list(Path.of("routes"))) {
      for (var file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private void route(String yaml) throws IOException {
    Files.writeString(folder.resolve("routes/studio.camel.yaml"), yaml);
  }

  @Test
  void aSubmittedBundleBecomesTheJobWhoseIdWasAnswered() throws Exception {
    var bundle = Files.createDirectories(folder.resolve("bundle"));
    TestMedia.pair(bundle, "anna", 1);
    route(
        """
        - route:
            id: studio-submit
            from:
              uri: timer:once
              parameters:
                repeatCount: "1"
              steps:
                - setBody:
                    constant: %s
                - setHeader:
                    name: KlingdropName
                    constant: welcome
                - to:
                    uri: direct:klingdrop.submit
                - to:
                    uri: file:%s
                    parameters:
                      fileName: id
        """
            .formatted(bundle, folder.resolve("answers")));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);

    assertThat(folder.resolve("answers/id")).hasContent(place.onlyJob().id());
    assertThat(place.onlyJob().path()).isEqualTo("avatar/welcome");
    assertThat(place.tree("inbox")).isEmpty();
    assertThat(place.tree("outbox")).containsExactly("avatar/welcome.json", "avatar/welcome.mp4");
  }

  @Test
  void aSourceOfWholeBundlesNeedsNoRouteOfItsOwn() throws Exception {
    var bundle = Files.createDirectories(folder.resolve("bundle"));
    TestMedia.pair(bundle, "anna", 1);
    route(
        Examples.yaml("klingdrop-submit").replace("jms:queue:bundles", "direct:studio-bundles")
            + """
            - route:
                id: studio-sender
                from:
                  uri: timer:once
                  parameters:
                    repeatCount: "1"
                  steps:
                    - setBody:
                        constant: %s
                    - to:
                        uri: direct:studio-bundles
                    - to:
                        uri: file:%s
                        parameters:
                          fileName: id
            """
                .formatted(bundle, folder.resolve("answers")));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);

    assertThat(folder.resolve("answers/id")).hasContent(place.onlyJob().id());
    assertThat(place.onlyJob().path()).isEqualTo("avatar/anna");
  }

  @Test
  void anSftpServerIsAnInboxInTenLines() throws Exception {
    var remote = Files.createDirectories(folder.resolve("remote/in")).getParent();
    TestMedia.pair(remote.resolve("in/course"), "anna", 1);
    TestMedia.pair(remote.resolve("in"), "mia", 2);
    for (var other : List.of("plan.docx", "late.wav.part")) {
      Files.writeString(remote.resolve("in").resolve(other), "somebody's");
    }
    try (var server = SshServer.setUpDefaultServer()) {
      server.setHost("127.0.0.1");
      server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
      server.setPasswordAuthenticator((user, password, session) -> password.equals("hush-hush"));
      server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
      server.setFileSystemFactory(new VirtualFileSystemFactory(remote));
      server.start();
      route(
          Examples.yaml("sftp:")
              .replace("files.example/in?", "127.0.0.1:%d/in?".formatted(server.getPort()))
              .replace("{{env:SFTP_PASSWORD}}", "hush-hush")
              .replace("readLock=changed", "readLock=changed&useUserKnownHostsFile=false"));
      place.start();
      place.awaitJobs(JobState.DELIVERED, 2);
      await()
          .untilAsserted(
              () ->
                  assertThat(place.tree("remote/in"))
                      .containsExactly("late.wav.part", "plan.docx"));
    }

    assertThat(place.tree("outbox")).contains("avatar/course/anna.mp4", "avatar/mia.mp4");
    assertThat(place.tree("failed")).isEmpty();
    assertThat(place.tree("inbox")).isEmpty();
  }

  @Test
  void aSourceThatCannotExistStopsTheStartWithoutShowingItsPassword() throws Exception {
    for (var wrong :
        List.of("sftp://files.example/in?recursve=true", "nosuch:files.example?x=true")) {
      route(
          Examples.yaml("sftp:").replaceFirst("sftp://[^\"]*", wrong + "&password=RAW(hush-hush)"));
      try (var klingdrop = new Klingdrop(place.settings())) {
        assertThatThrownBy(() -> klingdrop.run(true))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("studio-sftp-inbox")
            .hasMessageNotContaining("hush");
      }
    }
  }
}
