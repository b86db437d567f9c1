package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.klingdrop.job.JobState;
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

/** Routes of others that hand bundles over, written in YAML as the README shows. */
class EntranceRoutesTest {
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
  void anSftpServerIsAnInboxInTenLines() throws Exception {
    var remote = Files.createDirectories(folder.resolve("remote"));
    TestMedia.pair(remote.resolve("course"), "anna", 1);
    TestMedia.pair(remote, "mia", 2);
    try (var server = SshServer.setUpDefaultServer()) {
      server.setHost("127.0.0.1");
      server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
      server.setPasswordAuthenticator((user, password, session) -> password.equals("hush-hush"));
      server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
      server.setFileSystemFactory(new VirtualFileSystemFactory(remote));
      server.start();
      route(
          """
          - templatedRoute:
              routeTemplateRef: klingdrop-inbox
              routeId: studio-sftp-inbox
              parameters:
                - name: source
                  value: "sftp://studio@127.0.0.1:%d/?password=RAW(hush-hush)&recursive=true&delete=true&streamDownload=true&stepwise=false&readLock=changed&useUserKnownHostsFile=false&delay=500"
                - name: profile
                  value: avatar
          """
              .formatted(server.getPort()));
      place.start();
      place.awaitJobs(JobState.DELIVERED, 2);
      await().until(() -> place.tree("remote").isEmpty());
    }

    assertThat(place.tree("outbox")).contains("avatar/course/anna.mp4", "avatar/mia.mp4");
    assertThat(place.tree("failed")).isEmpty();
  }
}
