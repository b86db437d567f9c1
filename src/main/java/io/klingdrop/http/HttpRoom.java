package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.function.Supplier;

/** Builds the port from what it shows. */
public final class HttpRoom {

  private HttpRoom() {}

  /** The port of these settings, which must have one; not open yet. */
  public static HttpPort of(Settings settings, Supplier<HealthReport> health) {
    var endpoints = new ArrayList<Endpoint>();
    endpoints.addAll(new HealthEndpoints(health).all());
    return new HttpPort(settings.http(), settings.folders().data().resolve("spool"), endpoints);
  }
}
