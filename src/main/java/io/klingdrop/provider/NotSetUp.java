package io.klingdrop.provider;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Stands for an account whose settings are not complete: refuses everything as a refused key does,
 * so that its lane closes and its jobs wait.
 *
 * @param missing what must be set, one sentence
 */
public record NotSetUp(String name, String missing) implements Provider {

  @Override
  public Optional<Uploaded> upload(Media media) throws ProviderException {
    throw new ProviderException(refusal());
  }

  @Override
  public CreateAnswer createTask(TaskRequest request) {
    return new CreateAnswer.Refused(refusal());
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    return new TaskReport.Closed(refusal());
  }

  @Override
  public Sighting find(String model, String externalId) {
    return new Sighting.NoWord(missing);
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    throw new ProviderException(refusal());
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    throw new ProviderException(refusal());
  }

  private Refusal refusal() {
    return Refusal.of(Meaning.KEY, missing);
  }
}
