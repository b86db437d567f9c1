package io.klingdrop.provider;

import java.math.BigDecimal;
import java.util.Optional;

/** A gateway whose calls are counted by outcome. */
public record CountingProvider(Provider gateway, Tally tally) implements Provider {

  @Override
  public String name() {
    return gateway.name();
  }

  private void count(String call, String outcome) {
    tally.count(name(), call, outcome);
  }

  private static String outcome(Refusal refusal) {
    return refusal.meaning() == Meaning.RATE ? "rate" : "refused";
  }

  @FunctionalInterface
  private interface Asking<T> {
    T ask() throws ProviderException;
  }

  private <T> T counted(String call, Asking<T> asking) throws ProviderException {
    try {
      var answer = asking.ask();
      count(call, "ok");
      return answer;
    } catch (ProviderException e) {
      count(call, outcome(e.refusal()));
      throw e;
    }
  }

  @Override
  public Optional<Uploaded> upload(Media media) throws ProviderException {
    return counted("upload", () -> gateway.upload(media));
  }

  @Override
  public CreateAnswer createTask(TaskRequest request) {
    var answer = gateway.createTask(request);
    var failed = answer instanceof CreateAnswer.Lost ? "lost" : "ok";
    count(
        "createTask",
        answer instanceof CreateAnswer.Refused refused ? outcome(refused.refusal()) : failed);
    return answer;
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    var report = gateway.recordInfo(model, taskId);
    var known = report instanceof TaskReport.NoWord ? "lost" : "ok";
    count(
        "recordInfo",
        report instanceof TaskReport.Closed closed ? outcome(closed.refusal()) : known);
    return report;
  }

  @Override
  public Sighting find(String model, String externalId) {
    return seen(gateway.find(model, externalId));
  }

  @Override
  public Sighting confirm(String model, String taskId, TaskEvidence evidence) {
    return seen(gateway.confirm(model, taskId, evidence));
  }

  private Sighting seen(Sighting sighting) {
    count("recordInfo", sighting instanceof Sighting.NoWord ? "lost" : "ok");
    return sighting;
  }

  @Override
  public CallbackWord read(Callback callback) {
    return gateway.read(callback);
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    return counted("credit", gateway::credit);
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    return counted("downloadUrl", () -> gateway.downloadUrl(url));
  }
}
