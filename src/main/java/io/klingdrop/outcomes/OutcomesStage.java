package io.klingdrop.outcomes;

import io.klingdrop.ledger.OutcomeQueue;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.stage.StageContext;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/** Puts the telling of outcomes together: {@code routes/outcomes.camel.yaml}. */
public record OutcomesStage(
    OutcomeRows rows, OutcomeMessages messages, Channels channels, Webhook webhook) {

  /**
   * The stage of this service.
   *
   * @param camel sends, once Camel runs
   */
  public static OutcomesStage of(StageContext context, Supplier<ProducerTemplate> camel) {
    var settings = context.settings();
    var clock = context.clock();
    var queue = new OutcomeQueue(context.database(), context.holder(), clock);
    var backoff = new EndpointBackoff(clock);
    return new OutcomesStage(
        new OutcomeRows(context.database(), clock),
        new OutcomeMessages(queue, settings.outcomes().source(), backoff, clock),
        new Channels(settings, camel, backoff),
        new Webhook(queue, settings, backoff, clock));
  }

  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("outcomes", messages);
    registry.accept("channels", channels);
    registry.accept("webhook", webhook);
  }
}
