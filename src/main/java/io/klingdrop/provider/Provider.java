package io.klingdrop.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

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
   * @throws ProviderException if it was refused or could not be sent
   */
  Uploaded upload(Media media) throws ProviderException;

  /**
   * The paid call, made once. Never throws for what happens on the wire: the answer says whether a
   * task exists, surely does not, or may.
   *
   * @param input the model's input with media addresses filled in
   */
  CreateAnswer createTask(String model, ObjectNode input);

  /** One look at a task. Free. Never throws for what happens on the wire. */
  TaskReport recordInfo(String taskId);

  /**
   * Credits left. Free; the usual test of the key.
   *
   * @throws ProviderException if it was refused or could not be asked
   */
  BigDecimal credit() throws ProviderException;

  /**
   * A fresh address for a result whose address was refused. Free.
   *
   * @throws ProviderException if the provider has none
   */
  String downloadUrl(String url) throws ProviderException;
}
