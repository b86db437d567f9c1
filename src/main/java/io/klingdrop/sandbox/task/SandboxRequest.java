package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;

/** A call as an endpoint needs to know it, whatever carried it here. For one thread. */
public interface SandboxRequest {
  /** The value of a header, whose name has no case; empty if there is none. */
  String header(String name);

  /** The value of a query parameter; empty if there is none. */
  String query(String name);

  /** The path as it was sent, with its percent signs. */
  String path();

  /** The JSON in the body; a missing node if there is none or it cannot be read. */
  JsonNode json();

  /** The bearer key; empty if there is none. */
  default String key() {
    var header = header("Authorization");
    return header.startsWith("Bearer ") ? header.substring("Bearer ".length()).strip() : "";
  }
}
