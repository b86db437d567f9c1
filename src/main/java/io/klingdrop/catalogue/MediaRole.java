package io.klingdrop.catalogue;

import java.util.Arrays;
import java.util.List;

/** The part a dropped file plays in a request, whatever the provider calls its field. */
public enum MediaRole {
  /** The portrait, or the first frame. */
  IMAGE("image"),
  /** The voice recording. */
  AUDIO("audio"),
  /** The last frame. */
  TAIL_IMAGE("tail_image"),
  /** A picture that marks the speaker of a group. */
  MASK("mask");

  private final String key;

  MediaRole(String key) {
    this.key = key;
  }

  /** The name of this role in model files and in result sidecars, lower case. */
  public String key() {
    return key;
  }

  /** The word a media person uses for such a file. */
  public String noun() {
    return switch (this) {
      case IMAGE -> "image";
      case AUDIO -> "recording";
      case TAIL_IMAGE -> "last-frame image";
      case MASK -> "mask image";
    };
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(MediaRole::key).toList();
  }
}
