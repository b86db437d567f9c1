package io.klingdrop.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.ClosedLane;

/** A lane that closed or opened, as {@code config/schemas/outcome-v1.json} describes it. */
public final class LaneDocument {

  private LaneDocument() {}

  /** The lane as it is from now on, as one line. */
  public static String line(ClosedLane lane, boolean closed) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("provider", lane.provider())
        .put("model", lane.model())
        .put("state", closed ? "LANE_CLOSED" : "LANE_OPEN")
        .put("cause", lane.cause())
        .put("message", lane.message())
        .put("closedAt", JobDocument.text(lane.closedAt()))
        .toString();
  }
}
