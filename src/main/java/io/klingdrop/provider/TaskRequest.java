package io.klingdrop.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What one createTask call asks for.
 *
 * @param model the catalogue's id of the model
 * @param externalId our own id of the task, unique per account; sent where the provider takes one
 * @param input the model's input, with the addresses of media that have one
 * @param embedded media that have no address, by input field; they travel inside the request
 * @param callback the address to call when the task ends, empty for none
 */
public record TaskRequest(
    String model,
    String externalId,
    ObjectNode input,
    Map<String, Path> embedded,
    Optional<String> callback) {

  public TaskRequest {
    embedded = Map.copyOf(embedded);
  }
}
