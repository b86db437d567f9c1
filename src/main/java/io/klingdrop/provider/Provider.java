package io.klingdrop.provider;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Messaging gateway to one provider account, in our words. Implementations are thread-safe and
 * never follow a redirect, never repeat a call by themselves and never hand out the key.
 */
public interface Provider {

  /** The account's name, such as {@code kie}. */
  String name();

  /**
   * Makes media reachable for the provider. Free; may be repeated.
   *
   * @return where it lies, or empty if this provider takes media inside the request
   * @throws ProviderException if it was refused or could not be sent
   */
  Optional<Uploaded> upload(Media media) throws ProviderException;

  /**
   * The paid call, made once. Never throws for what happens on the wire: the answer says whether a
   * task exists, surely does not, or may.
   */
  CreateAnswer createTask(TaskRequest request);

  /** One look at a task. Free. Never throws for what happens on the wire. */
  TaskReport recordInfo(String model, String taskId);

  /**
   * Looks for a task by the id we gave it. Free. Never throws for what happens on the wire; an
   * account whose settings say that it cannot be done is never asked.
   */
  Sighting find(String model, String externalId);

  /**
   * Looks at a task that a callback named for a request whose answer was lost: whether it exists
   * and is ours, as far as that can be told. Free. Never throws for what happens on the wire.
   */
  default Sighting confirm(String model, String taskId, TaskEvidence evidence) {
    return new Sighting.NoWord(name() + " cannot be asked about that");
  }

  /** What a callback says, or why it is not one of this provider. Asks nobody. */
  default CallbackWord read(Callback callback) {
    return new CallbackWord.Forged(name() + " sends no callbacks");
  }

  /**
   * Credits left. Free; the usual test of the key.
   *
   * @return empty if the key works and the provider names no figure
   * @throws ProviderException if it was refused or could not be asked
   */
  Optional<BigDecimal> credit() throws ProviderException;

  /** A fresh address for a result whose address was refused, if the provider has one. Free. */
  String downloadUrl(String url) throws ProviderException;
}
