package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A request's input before its media are known, and what is to be said about it. Immutable: the
 * input is copied in and out.
 *
 * @param input the parameters in the order of the model file; complete only if nothing is refused
 * @param findings what to refuse or warn of, in that order; may be empty
 */
public record Composed(ObjectNode input, List<Finding> findings) {
  public Composed {
    input = input.deepCopy();
    findings = List.copyOf(findings);
  }

  /** A copy of the input, to which the caller may add the media. */
  @Override
  public ObjectNode input() {
    return input.deepCopy();
  }

  /** Whether nothing may be sent. */
  public boolean refused() {
    return findings.stream().anyMatch(Finding::refuses);
  }
}
