package io.klingdrop.intake;

import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The job id that a sender was told before the bundle is taken. It belongs to the very files that
 * were handed in, by place and bytes: other files that somebody drops under their names have no
 * part in it.
 */
final class AskedId {

  private AskedId() {}

  /** A path as reservations spell it: a disk may give accents back in another form. */
  static String spelled(Path path) {
    var name = Normalizer.normalize(path.getFileName().toString(), Normalizer.Form.NFC);
    return path.resolveSibling(name).toString();
  }

  /** The id for this bundle, if somebody was told one and it is no job yet. */
  static Optional<String> of(Bundle bundle, JobQueries queries) throws IOException {
    Map<String, Dropped> members = new HashMap<>();
    bundle.members().forEach(member -> members.put(spelled(member.file().path()), member.file()));
    for (var reservation : queries.reserved(members.keySet())) {
      if (isOf(reservation, members)) {
        return Optional.of(reservation.jobId());
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(Reservation reservation, Map<String, Dropped> members)
      throws IOException {
    for (var file : reservation.files()) {
      var member = members.get(file.path());
      if (member == null || !Landing.holds(member.path(), file.bytes(), file.sha256())) {
        return false;
      }
    }
    return true;
  }
}
