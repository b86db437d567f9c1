package io.klingdrop.camel;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.Shipment;
import org.jspecify.annotations.Nullable;

/** Which job something in a route is about. */
final class Subject {

  private Subject() {}

  /** The id of the job that this is, or is about; null if it is about none. */
  static @Nullable String job(@Nullable Object about) {
    if (about instanceof Job job) {
      return job.id();
    }
    if (about instanceof Shipment shipment) {
      return shipment.job().id();
    }
    // the other outcomes are those of lanes
    return about instanceof OutcomeRow row && row.type().startsWith("io.klingdrop.job.")
        ? row.subject()
        : null;
  }
}
