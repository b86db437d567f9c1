package io.klingdrop.intake;

import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a profile needs in its folder.
 *
 * @param known whether there is such a profile
 * @param audio whether its model takes a recording
 * @param sidecar whether a bundle is not complete without a sidecar
 * @param prompt whether the model asks for a prompt that the profile does not give; a sidecar or a
 *     {@code _defaults.yaml} must then bring it
 * @param speaks whether a sidecar names something that stands in for the recording, such as {@code
 *     audio_id}
 * @param near if there is no such profile: the one a person probably meant, else an empty text
 */
record Needs(
    boolean known,
    boolean audio,
    boolean sidecar,
    boolean prompt,
    Predicate<Sidecar> speaks,
    String near) {

  /** A sidecar's bytes, and the name it has or is to have. */
  record Sidecar(Path file, String name) {}

  Needs(boolean known, boolean audio, boolean sidecar, boolean prompt, Predicate<Sidecar> speaks) {
    this(known, audio, sidecar, prompt, speaks, "");
  }

  /** The same, for sidecars whose bytes lie elsewhere yet. */
  Needs reading(UnaryOperator<Path> bytes) {
    return new Needs(
        known,
        audio,
        sidecar,
        prompt,
        file -> speaks.test(new Sidecar(bytes.apply(file.file()), file.name())),
        near);
  }

  /** Those of a folder that is no profile. */
  static Needs unknown(String near) {
    return new Needs(false, false, false, false, sidecar -> false, near);
  }
}
