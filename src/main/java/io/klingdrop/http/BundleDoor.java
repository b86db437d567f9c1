package io.klingdrop.http;

import io.klingdrop.job.Role;
import io.klingdrop.ledger.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The way into the inbox, which a stage keeps; the port hands bundles over here. Thread-safe. */
public interface BundleDoor {

  /**
   * Puts one bundle into the inbox and answers with the id its job will have.
   *
   * @param key the sender's for this very call, empty for none
   * @param profile empty: the default one
   * @param name empty: that of the picture
   * @param files by the names the sender calls them
   * @throws io.klingdrop.job.BundleException if they are not one bundle, or the key came with
   *     another content
   */
  Reservation hand(String key, String profile, String name, Map<String, Path> files)
      throws IOException;

  /** The bundle that was promised that id, if it is remembered. */
  Optional<Reservation> find(String jobId);

  /** Whether the bundle lies in the inbox or is being taken. */
  boolean waits(Reservation bundle);

  /** The extensions of the files a bundle may have, small and without the dot. */
  Map<Role, Set<String>> kinds();
}
