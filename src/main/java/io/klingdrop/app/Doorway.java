package io.klingdrop.app;

import io.klingdrop.http.BundleDoor;
import io.klingdrop.intake.BundleGateway;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets the port hand bundles in where routes do; the two rooms do not know each other. */
record Doorway(BundleGateway gateway) implements BundleDoor {

  @Override
  public Reservation hand(String key, String profile, String name, Map<String, Path> files)
      throws IOException {
    return gateway.hand(key, profile, name, files);
  }

  @Override
  public Optional<Reservation> find(String jobId) {
    return gateway.find(jobId);
  }

  @Override
  public boolean waits(Reservation bundle) {
    return gateway.waits(bundle);
  }

  @Override
  public Map<Role, Set<String>> kinds() {
    return gateway.kinds();
  }
}
