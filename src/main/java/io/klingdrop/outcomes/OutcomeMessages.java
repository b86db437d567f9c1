package io.klingdrop.outcomes;

import io.klingdrop.job.Backoff;
import io.klingdrop.ledger.OutcomeQueue;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRow.Way;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes outcomes from the ledger, words them as messages, and keeps those that did not arrive. A
 * message is sent at least once, and after the earlier ones about the same job or lane.
 * Thread-safe.
 *
 * @param source what the events say they come from
 */
public record OutcomeMessages(
    OutcomeQueue queue, String source, EndpointBackoff backoff, InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeMessages.class);
  private static final Duration LEASE = Duration.ofMinutes(30);
  private static final int BATCH = 50;

  public List<OutcomeRow> claimDue() {
    return queue.claim(Way.CHANNEL, backoff.resting(), BATCH, LEASE);
  }

  /** Makes the message of one outcome: the event as body, the headers routes may use. */
  public void describe(@Body OutcomeRow row, Exchange exchange) {
    var event = Event.of(row, source);
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(event.body());
    message.setHeader(Exchange.CONTENT_TYPE, Event.CONTENT_TYPE);
    event.headers().forEach(message::setHeader);
  }

  public void done(@ExchangeProperty("outcome") OutcomeRow row) {
    queue.done(row);
  }

  /** The message did not arrive everywhere; it keeps its place and is tried again, for ever. */
  public void later(OutcomeRow row, Exception cause) {
    var again = clock.instant().plus(Backoff.after(row.tries()));
    if (!(cause instanceof NotTaken notTaken)) {
      LOG.warn("outcome {} was not sent: {}. It is tried again.", row.id(), cause.toString());
      queue.later(row, cause.toString(), again, null, row.reached());
      return;
    }
    if (!notTaken.tried) {
      queue.spared(row, notTaken.endpoint, notTaken.reached);
      return;
    }
    LOG.warn(
        "outcome {}: {}. It is kept and tried again; no video waits for it.",
        row.id(),
        notTaken.getMessage());
    queue.later(
        row, String.valueOf(notTaken.getMessage()), again, notTaken.endpoint, notTaken.reached);
  }
}
