package io.klingdrop.outcomes;

import io.klingdrop.ledger.OutcomeQueue;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRow.Way;
import io.klingdrop.settings.Settings;
import io.klingdrop.wire.HttpClients;
import io.klingdrop.wire.NotSentException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts every outcome to one address, signed as Standard Webhooks asks, and posts it again until it
 * is taken or the time is up. Redirects are not followed. Thread-safe.
 */
public final class Webhook {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration LEASE = Duration.ofMinutes(30);
  private static final int BATCH = 50;
  private static final int GONE = 410;

  /** Pauses between two tries in seconds; the last one is kept to. */
  private static final List<Integer> PAUSES = List.of(5, 30, 120, 600, 1800, 7200);

  private final OutcomeQueue queue;
  private final Settings settings;
  private final Settings.Webhook webhook;
  private final Signature signature;
  private final EndpointBackoff backoff;
  private final InstantSource clock;
  private final CloseableHttpClient http;

  /** The webhook of these settings; without an address all notices are dropped. */
  public Webhook(
      OutcomeQueue queue, Settings settings, EndpointBackoff backoff, InstantSource clock) {
    this.queue = queue;
    this.settings = settings;
    this.webhook = settings.outcomes().webhook();
    this.signature = new Signature(webhook.secrets());
    this.backoff = backoff;
    this.clock = clock;
    this.http = new HttpClients(settings.proxy()).forNotices(webhook.timeout());
  }

  public List<OutcomeRow> claimDue() {
    return queue.claim(Way.WEBHOOK, backoff.resting(), BATCH, LEASE);
  }

  public void post(@Body OutcomeRow row) {
    if (webhook.url().isEmpty()) {
      queue.done(row);
      return;
    }
    var address = new Address(webhook.url());
    if (backoff.isResting(address.shown())) {
      queue.spared(row, address.shown(), Set.of());
      return;
    }
    try {
      answered(row, address, HttpClients.status(http, request(row)));
    } catch (IOException e) {
      backoff.failed(address.shown());
      later(row, address, kind(e));
    }
  }

  private static String kind(IOException trouble) {
    var cause = trouble.getCause();
    return (trouble instanceof NotSentException && cause != null ? cause : trouble)
        .getClass()
        .getSimpleName();
  }

  private HttpPost request(OutcomeRow row) {
    var body = Event.of(row, settings.outcomes().source()).body();
    var timestamp = clock.instant().getEpochSecond();
    var request = new HttpPost(webhook.url());
    request.setHeader("webhook-id", row.id());
    request.setHeader("webhook-timestamp", Long.toString(timestamp));
    request.setHeader("webhook-signature", signature.of(row.id(), timestamp, body));
    request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
    return request;
  }

  private void answered(OutcomeRow row, Address address, int status) {
    if (status / 100 == 2) {
      backoff.worked(address.shown());
      queue.done(row);
    } else if (status == GONE) {
      LOG.error("notice {}: {} is gone (410) and gets no more of it", row.id(), address);
      queue.done(row);
    } else {
      later(row, address, "status " + status);
    }
  }

  private void later(OutcomeRow row, Address address, String why) {
    var now = clock.instant();
    if (!now.isBefore(row.at().plus(webhook.giveUp()))) {
      LOG.error(
          "notice {} is dropped: {} did not take it for {} ({})",
          row.id(),
          address,
          webhook.giveUp(),
          why);
      queue.done(row);
      return;
    }
    var pause = PAUSES.get(Math.min(row.tries(), PAUSES.size() - 1));
    LOG.warn("notice {}: {} did not take it ({}); tried again", row.id(), address, why);
    queue.later(row, address + ": " + why, now.plusSeconds(pause), address.shown(), row.reached());
  }
}
