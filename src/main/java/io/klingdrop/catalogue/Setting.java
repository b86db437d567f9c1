package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One value of a request and where it was written. Immutable: the value is copied in and out.
 *
 * @param value as it was written, numbers with all their digits
 * @param origin {@code file:line}, or whatever else lets a person find the place
 */
public record Setting(JsonNode value, String origin) {
  public Setting {
    value = value.deepCopy();
  }

  /** A copy of the value, which the caller may change. */
  @Override
  public JsonNode value() {
    return value.deepCopy();
  }
}
