package io.klingdrop.deliver;

import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import java.io.File;

/**
 * One result on its way to one target.
 *
 * @param file the bytes in the work folder
 * @param fileName where they go, relative to the outbox, with {@code /}
 */
public record Parcel(Job job, ResultFile result, File file, String fileName) {

  /** The name of the half-written file; hidden, so that nobody picks it up. */
  public String tempName() {
    return "." + job.id() + "-" + result.number() + ".part";
  }
}
