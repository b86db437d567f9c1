package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.GuestRole;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose user of the database may read and write rows and do nothing else. */
class SharedDatabaseTest {
  @TempDir private Path temp;

  private static String type(Path folder, Map<String, String> environment, int exit, String... args)
      throws Exception {
    try (var app = AppProcess.start(folder, environment, args)) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(exit);
      return app.printed();
    }
  }

  @Test
  void theOwnerMakesTheTablesAndTheServiceWorksWithItsFewRights() throws Exception {
    var folder = Files.createDirectories(temp.resolve("work"));
    try (var server = EmbeddedPostgres.builder().start();
        var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      new GuestRole(server).createDatabase("ledger", "template1");
      place.set("klingdrop.db.url", server.getJdbcUrl(GuestRole.NAME, "ledger"));
      place.set("klingdrop.db.user", GuestRole.NAME).set("klingdrop.db.migrate", "off");
      var guest = place.environment();
      var owner = new HashMap<>(guest);
      owner.put("KLINGDROP_DB_URL", server.getJdbcUrl("postgres", "ledger"));
      owner.put("KLINGDROP_DB_USER", "postgres");

      assertThat(type(folder, guest, 2, "run")).contains("run `klingdrop migrate`");
      assertThat(type(folder, guest, 2, "status")).contains("run `klingdrop migrate`");
      assertThat(type(folder, owner, 0, "migrate")).contains("from version 0 to version ");

      TestMedia.pair(place.inbox("avatar"), "anna", 1);
      place.start();
      place.awaitJobs(JobState.DELIVERED, 1);
      place.await(() -> place.tree("archive").size() == 2);
      assertThat(place.tree("outbox")).contains("avatar/anna.mp4");
      assertThat(type(folder, owner, 0, "migrate")).contains("are up to date");
    }
  }
}
