package io.klingdrop.submit;

import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Addresses of media in the work folder, which a web server of the operator's makes public. */
final class PublicMedia {
  /** The address is made anew for each submission; this only has to outlive one. */
  private static final Duration LIFE = Duration.ofHours(3);

  private PublicMedia() {}

  /** The address of a file below the work folder. */
  static Uploaded of(Settings settings, Path file, Instant now) {
    var work = settings.folders().work().toAbsolutePath().normalize();
    var below = work.relativize(file.toAbsolutePath().normalize()).toString();
    try {
      var path = new URI(null, null, "/" + below, null).toASCIIString();
      return new Uploaded(settings.media().urlPrefix() + path, now.plus(LIFE));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no address for " + file, e);
    }
  }
}
