package io.klingdrop.provider;

import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpConnectionFactory;

/**
 * Bounds the heads of answers, which HttpClient by itself reads into memory however long they are.
 */
public final class BoundedHeads {
  /** Servers send some twenty. */
  private static final int MOST_HEADERS = 200;

  /** A redirect to a signed address may have some thousand characters. */
  private static final int LONGEST_LINE = 16 * 1024;

  private BoundedHeads() {}

  /** Makes connections that break off at a head without measure. */
  public static HttpConnectionFactory<ManagedHttpClientConnection> connections() {
    return ManagedHttpClientConnectionFactory.builder()
        .http1Config(
            Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build())
        .build();
  }
}
