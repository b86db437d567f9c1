package io.klingdrop.deliver;

import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import java.io.File;

/**
 * One result on its way to one target.
 *
 * @param file the bytes in the work folder
 * @param fileName where they go, relative to the outbox, with {@code /}
 * @param tempName the name of the half-written file; hidden, so that nobody picks it up
 */
public record Parcel(Job job, ResultFile result, File file, String fileName, String tempName) {

  /** Where the bytes are written first, relative to the outbox: hidden until they are checked. */
  public String hiddenName() {
    return fileName.substring(0, fileName.lastIndexOf('/') + 1) + tempName();
  }
}
