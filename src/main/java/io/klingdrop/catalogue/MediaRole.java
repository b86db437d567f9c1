package io.klingdrop.catalogue;

import java.util.Arrays;
import java.util.List;

/** The part a dropped file plays in a request, whatever the provider calls its field. */
public enum MediaRole {
  /** The portrait, or the first frame. */
  IMAGE("image", "image"),
  /** The voice recording. */
  AUDIO("audio", "recording"),
  /** The last frame. */
  TAIL_IMAGE("tail_image", "last-frame image"),
  /** A picture that marks the speaker of a group. */
  MASK("mask", "mask image");

  private final String key;
  private final String noun;

  MediaRole(String key, String noun) {
    this.key = key;
    this.noun = noun;
  }

  /** The name of this role in model files and in result sidecars, lower case. */
  public String key() {
    return key;
  }

  /** The word a media person uses for such a file. */
  public String noun() {
    return noun;
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(MediaRole::key).toList();
  }
}
