package io.klingdrop.http;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.SettableTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credits are asked for apart from whoever wants to know them. */
class CreditEndpointsTest {
  private final List<Thread> asked = new CopyOnWriteArrayList<>();

  /** An account that knows its credits alone. */
  private final class Account implements Provider {
    @Override
    public String name() {
      return "kie";
    }

    @Override
    public Optional<BigDecimal> credit() {
      asked.add(Thread.currentThread());
      return Optional.of(BigDecimal.TEN);
    }

    @Override
    public Optional<Uploaded> upload(Media media) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CreateAnswer createTask(TaskRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TaskReport recordInfo(String model, String taskId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Sighting find(String model, String externalId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String downloadUrl(String url) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void noProviderThatIsSilentKeepsAWorkerOfThePort(@TempDir Path folder) throws Exception {
    var key = Map.of("klingdrop.provider.kie.api-key", "key");
    var settings = SettingsReader.load(folder, Map.of(), key);
    var time = SettableTime.standing(Instant.parse("2026-11-21T10:00:00Z"));
    var account = new Providers.Account(new Account(), settings.kie(), time);
    try (var database = Database.open("jdbc:sqlite::memory:", "", "");
        var credits =
            new CreditEndpoints(
                new Providers(List.of(account)),
                new Lanes(new LaneRows(database), settings.lane(), time),
                time)) {
      var question = credits.all().get(0).work();

      assertThat(question.answer(null).body()).contains("\"asking\":true");
      await().until(() -> !asked.isEmpty());
      assertThat(asked).doesNotContain(Thread.currentThread());
      await().until(() -> question.answer(null).body().contains("\"left\":10"));
      assertThat(asked).hasSize(1);
    }
  }
}
