package io.klingdrop.deliver;

import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import java.io.File;
import java.util.Map;

/**
 * One result on its way into the bucket.
 *
 * @param file the bytes in the work folder
 * @param key where they go
 * @param metadata what is said about them, ASCII
 */
public record ObjectParcel(
    Job job, ResultFile result, File file, String key, Map<String, String> metadata) {

  public ObjectParcel {
    metadata = Map.copyOf(metadata);
  }

  public String contentType() {
    return switch (String.valueOf(result.extension())) {
      case ".mp4" -> "video/mp4";
      case ".webm" -> "video/webm";
      case ".mov" -> "video/quicktime";
      case ".mkv" -> "video/x-matroska";
      default -> "application/octet-stream";
    };
  }
}
