package io.klingdrop.http;

import io.klingdrop.ledger.CallbackRows.Address;
import io.klingdrop.provider.CallbackWord.Told;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Providers;
import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The port and what is behind it. */
public final class HttpRoom implements AutoCloseable {
  private final HttpPort port;
  private final @Nullable SelfTest selfTest;

  /**
   * The room of these settings, which must have a port; not open yet.
   *
   * @param arrivals is given every callback that is accepted
   */
  public HttpRoom(
      Settings settings,
      Supplier<HealthReport> health,
      Callbacks callbacks,
      Providers providers,
      BiConsumer<Address, Told> arrivals) {
    var endpoints = new ArrayList<Endpoint>();
    endpoints.addAll(new HealthEndpoints(health).all());
    if (callbacks.on()) {
      var test = new SelfTest(settings.callback().publicUrl(), callbacks::leadsHere);
      endpoints.addAll(new CallbackEndpoints(callbacks, providers, arrivals, test).all());
      selfTest = test;
    } else {
      selfTest = null;
    }
    port = new HttpPort(settings.http(), settings.folders().data().resolve("spool"), endpoints);
  }

  /** The port. */
  public HttpPort port() {
    return port;
  }

  /** Requests are answered from now on. */
  public void open() {
    port.open();
    if (selfTest != null) {
      selfTest.start();
    }
  }

  @Override
  public void close() {
    if (selfTest != null) {
      selfTest.close();
    }
  }
}
