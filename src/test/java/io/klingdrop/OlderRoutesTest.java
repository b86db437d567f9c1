package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of routes that was written out before some stages had files of their own. */
class OlderRoutesTest {
  /** As deliver's file once had it; no bean claims so any more. */
  private static final String OLD_FETCH =
      """
      - route:
          id: deliver-fetch-result
          routeConfigurationId: job-errors
          from:
            uri: ledger:fetch
            parameters:
              bean: deliveries
              method: claimGenerated
            steps:
              - bean:
                  ref: fetches
                  method: fetch
              - to:
                  uri: ledger:targets
      """;

  @TempDir private Path folder;

  @Test
  void aVideoIsStillFetchedAndDelivered() throws Exception {
    var routes = Files.createDirectories(folder.resolve("routes"));
    for (var stage : List.of("intake", "submit", "poll", "deliver", "failure")) {
      var name = stage + ".camel.yaml";
      Files.copy(Path.of("routes", name), routes.resolve(name));
    }
    var deliver = routes.resolve("deliver.camel.yaml");
    Files.writeString(deliver, Files.readString(deliver) + OLD_FETCH);
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      TestMedia.pair(place.inbox("avatar"), "anna", 1);

      place.start().awaitJobs(JobState.DELIVERED, 1);

      assertThat(place.tree("outbox")).containsExactly("avatar/anna.json", "avatar/anna.mp4");
      assertThat(kie.accepted()).hasSize(1);
    }
  }
}
