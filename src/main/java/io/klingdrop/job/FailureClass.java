package io.klingdrop.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every way a job can fail, which is also the name of its failure channel. */
public enum FailureClass {
  UNPAIRED(Charged.NO, "Drop the missing or the one right half again, with this file."),
  INVALID(Charged.NO, "Fix what is named above and drop the files again."),
  REJECTED(Charged.NO, "Change the picture, voice or prompt and drop it again."),
  GENERATION(
      Charged.UNKNOWN,
      "Drop the files again if nothing was charged, or run: klingdrop resubmit JOB (this pays)."),
  PROVIDER(Charged.NO, "Nothing was created. Drop the files again later."),
  EXPIRED(Charged.UNKNOWN, "Look the task up at the provider; run: klingdrop recheck JOB (free)."),
  SUBMIT_UNKNOWN(
      Charged.UNKNOWN,
      "Look in the provider's task log. If the task is there, run: klingdrop attach JOB TASK_ID"
          + " (free). Only if it is surely not there: klingdrop resubmit JOB (this pays)."),
  RESULT(
      Charged.YES,
      "The video is made and paid. Run: klingdrop recheck JOB or klingdrop redeliver JOB (free)."),
  DELIVERY(
      Charged.YES,
      "The video is here. Make the target writable, then run: klingdrop redeliver JOB (free).");

  private final Charged charged;
  private final String nextStep;

  FailureClass(Charged charged, String nextStep) {
    this.charged = charged;
    this.nextStep = nextStep;
  }

  /** The folder and configuration name, such as {@code submit-unknown}. */
  public String channel() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is charged when the provider said nothing about it. */
  public Charged chargedByDefault() {
    return charged;
  }

  /** What a person can do, one sentence; {@code JOB} stands for the job id. */
  public String nextStep() {
    return nextStep;
  }

  public static Optional<FailureClass> ofChannel(String channel) {
    return Arrays.stream(values()).filter(c -> c.channel().equals(channel)).findFirst();
  }
}
