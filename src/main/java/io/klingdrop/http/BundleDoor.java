package io.klingdrop.http;

import io.klingdrop.job.Role;
import io.klingdrop.ledger.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The way into the inbox, which a stage keeps; the port hands bundles over here. Thread-safe.
 *
 * @param find the bundle that was promised a job's id, if it is remembered
 * @param waits whether the bundle lies in the inbox or is being taken
 * @param kinds the extensions of the files a bundle may have, small and without the dot
 */
public record BundleDoor(
    Hand hand,
    Function<String, Optional<Reservation>> find,
    Predicate<Reservation> waits,
    Supplier<Map<Role, Set<String>>> kinds) {

  /** Puts one bundle into the inbox and answers with the id its job will have. */
  @FunctionalInterface
  public interface Hand {
    /**
     * Takes files by the names the sender calls them; key, profile and name may be empty. A {@link
     * io.klingdrop.job.BundleException} if they are no bundle, or the key came with another.
     */
    Reservation in(String key, String profile, String name, Map<String, Path> files)
        throws IOException;
  }
}
