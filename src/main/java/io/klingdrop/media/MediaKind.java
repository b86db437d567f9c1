package io.klingdrop.media;

import java.util.List;

/** The three kinds of media a job is made of: a portrait, a voice and the video made of them. */
public enum MediaKind {
  IMAGE("picture", "PNG, JPEG or WebP"),
  AUDIO("recording", "MP3, WAV, AAC, M4A, Ogg or FLAC"),
  VIDEO("video", "MP4, MOV, WebM or MKV");

  private static final List<String> SOUNDS =
      List.of("mp3", "wav", "aac", "m4a", "mp4", "ogg", "oga", "opus", "flac");

  private final String noun;
  private final String accepted;

  MediaKind(String noun, String accepted) {
    this.noun = noun;
    this.accepted = accepted;
  }

  /** The word a media person uses for such a file, without an article. */
  String noun() {
    return noun;
  }

  /** The containers {@link MediaProbe} takes for this kind, as part of a sentence. */
  String accepted() {
    return accepted;
  }

  /**
   * Whether a person gives this extension, in lower case, to such a file; never true for a video,
   * because klingdrop itself chooses the name of a result.
   */
  boolean isNamed(String extension) {
    return switch (this) {
      case IMAGE -> List.of("png", "jpg", "jpeg", "webp").contains(extension);
      case AUDIO -> SOUNDS.contains(extension);
      case VIDEO -> false;
    };
  }
}
