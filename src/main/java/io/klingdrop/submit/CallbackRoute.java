package io.klingdrop.submit;

import io.klingdrop.job.JobState;
import io.klingdrop.provider.GenuineCallback;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/**
 * The way of a callback from the HTTP port into {@code routes/callback.camel.yaml}, where {@link
 * CallbackHandler#note} makes its task due and {@code ledger:poll} has it looked at. Thread-safe.
 *
 * @param camel sends, once Camel runs
 */
public record CallbackRoute(Supplier<ProducerTemplate> camel)
    implements Predicate<GenuineCallback> {

  /** Whether the ledger has it: only then may the provider be thanked. */
  @Override
  public boolean test(GenuineCallback callback) {
    return camel.get().requestBody("direct:callback-take", callback) instanceof JobState;
  }
}
