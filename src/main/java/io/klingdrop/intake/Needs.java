package io.klingdrop.intake;

/**
 * What a profile needs in its folder.
 *
 * @param known whether there is such a profile
 * @param audio whether its model takes a recording
 * @param sidecar whether a bundle is not complete without a sidecar
 */
record Needs(boolean known, boolean audio, boolean sidecar) {
  static final Needs UNKNOWN = new Needs(false, false, false);
}
