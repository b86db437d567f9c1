package io.klingdrop.s3;

import java.time.Instant;
import java.util.Map;

/**
 * What the bucket says about one object.
 *
 * @param metadata ours, names in lower case
 */
public record Stored(String key, long bytes, Instant changed, Map<String, String> metadata) {

  /** The metadata with the SHA-256 of an object's bytes, lower-case hex. */
  public static final String SHA256 = "klingdrop-sha256";

  public Stored {
    metadata = Map.copyOf(metadata);
  }
}
