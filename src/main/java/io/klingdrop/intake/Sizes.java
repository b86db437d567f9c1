package io.klingdrop.intake;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Finding;
import io.klingdrop.catalogue.Parameters;
import io.klingdrop.job.Role;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges files by their size before a byte of them is read: a file with holes can claim more bytes
 * than anybody can read in a day.
 */
@FunctionalInterface
interface Sizes {
  /** More than any model takes; holds where a model or profile names no limit. */
  long MOST = 1_000_000_000;

  /** Why a file of that size is not read, as the rest of a sentence about it; empty if it is. */
  Optional<String> tooLarge(String profile, Role role, long bytes);

  /** By the models of this catalogue. */
  static Sizes of(Catalogue catalogue) {
    return (profile, role, bytes) -> {
      if (role == Role.SIDECAR) {
        return bytes > Parameters.MAX_BYTES
            ? Optional.of("is larger than 256 KB, too large for a text file")
            : Optional.empty();
      }
      var byModel =
          catalogue
              .profile(profile)
              .flatMap(known -> Checks.slot(catalogue.modelOf(known), role))
              .flatMap(slot -> slot.tooLarge(bytes))
              .map(Finding::message);
      return byModel.isPresent() || bytes <= MOST
          ? byModel
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "the file has %,d bytes; files of more than 1 GB are not read",
                  bytes));
    };
  }
}
