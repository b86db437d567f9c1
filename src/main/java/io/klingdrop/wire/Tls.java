package io.klingdrop.wire;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/** TLS as the JDK trusts it, set up once for all clients and not before the first connection. */
public final class Tls {

  private Tls() {}

  /** The strategy for a client. Thread-safe. */
  public static TlsSocketStrategy whenNeeded() {
    return (socket, target, port, attachment, context) ->
        Default.STRATEGY.upgrade(socket, target, port, attachment, context);
  }

  private static final class Default {
    static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
  }
}
