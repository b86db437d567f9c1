package io.klingdrop.sandbox.kling;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.Http;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import org.apache.camel.Exchange;

/** The endpoints of Kling's dialect. */
public final class KlingEndpoints {

  private final KlingDesk desk;
  private final InstantSource clock;
  private final URI base;

  /** Results have addresses below this base. */
  public KlingEndpoints(KlingDesk desk, InstantSource clock, URI base) {
    this.desk = desk;
    this.clock = clock;
    this.base = base;
  }

  /** Refuses a request without a key; any key will do, and so will any token. */
  void requireKey(Exchange exchange) {
    if (!Http.bringsKey(exchange)) {
      throw new Refusal(1001, "Authorization is empty");
    }
  }

  void createAvatar(Exchange exchange) throws IOException {
    create(exchange, true);
  }

  void createVideo(Exchange exchange) throws IOException {
    create(exchange, false);
  }

  void readAvatar(Exchange exchange) {
    read(exchange, true);
  }

  void readVideo(Exchange exchange) {
    read(exchange, false);
  }

  void countUnits(Exchange exchange) {
    var data = Envelope.object().put("code", 0).put("msg", "success");
    data.putArray("resource_pack_subscribe_infos")
        .addObject()
        .put("resource_pack_name", "Sandbox units")
        .put("total_quantity", KlingDesk.UNITS_AT_START)
        .put("remaining_quantity", desk.units())
        .put("status", "online");
    Http.json(exchange, KlingEnvelope.success(data));
  }

  static void refuse(Exchange exchange, Refusal refusal) {
    Http.answer(
        exchange,
        KlingEnvelope.status(refusal),
        "application/json",
        KlingEnvelope.refusal(refusal));
  }

  private void create(Exchange exchange, boolean avatar) throws IOException {
    var task = desk.create(Http.body(exchange, 1200), avatar);
    Http.json(exchange, KlingEnvelope.success(KlingRecord.created(task)));
    Http.noteOddity(exchange, task);
  }

  private void read(Exchange exchange, boolean avatar) {
    var task = desk.find(exchange.getMessage().getHeader("id", "", String.class), avatar);
    if (!Http.answersHtml(exchange, task)) {
      var sight = task.look(clock.millis());
      Http.json(exchange, KlingEnvelope.success(KlingRecord.of(task, sight, base)));
    }
  }
}
