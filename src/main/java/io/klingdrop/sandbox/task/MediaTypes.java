package io.klingdrop.sandbox.task;

import java.util.Locale;
import java.util.Map;

/** Media types by file extension, as the upload host tells them. */
public final class MediaTypes {
  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("aac", "audio/aac"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("mp4", "video/mp4"));

  private MediaTypes() {}

  public static String of(String fileName) {
    var extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, "application/octet-stream");
  }

  /** A file name of this media type, which may carry parameters; {@code file.bin} if unknown. */
  static String nameFor(String mediaType) {
    var bare = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return BY_EXTENSION.entrySet().stream()
        .filter(entry -> entry.getValue().equals(bare))
        .map(entry -> "file." + entry.getKey())
        .sorted()
        .findFirst()
        .orElse("file.bin");
  }
}
