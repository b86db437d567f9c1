package io.klingdrop.settings;

/**
 * Where traces go.
 *
 * @param endpoint the address of an OTLP/HTTP receiver, without a slash at the end; empty: nowhere
 */
public record TracingSettings(String endpoint) {

  public boolean on() {
    return !endpoint.isEmpty();
  }
}
