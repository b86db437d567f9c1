package io.klingdrop.job;

/** The exchange headers that routes may use. */
public final class Headers {
  public static final String JOB_ID = "KlingdropJobId";
  public static final String PROFILE = "KlingdropProfile";
  public static final String PROVIDER = "KlingdropProvider";
  public static final String MODEL = "KlingdropModel";
  public static final String STATE = "KlingdropState";
  public static final String TASK_ID = "KlingdropTaskId";
  public static final String FAIL_CLASS = "KlingdropFailClass";
  public static final String FAIL_CODE = "KlingdropFailCode";
  public static final String FAIL_MESSAGE = "KlingdropFailMessage";
  public static final String NAME = "KlingdropName";

  /** On a bundle that is handed in: what tells its sender's call from all others. */
  public static final String KEY = "KlingdropIdempotencyKey";

  /** On messages of outcomes: the channel that the state, or the class of a failure, stands for. */
  public static final String CHANNEL = "KlingdropChannel";

  private Headers() {}
}
