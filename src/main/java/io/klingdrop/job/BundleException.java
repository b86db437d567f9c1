package io.klingdrop.job;

/** What was sent is not one bundle, or not one that may be taken. Nothing of it was kept. */
public final class BundleException extends IllegalArgumentException {
  private final Fault fault;
  private final String detail;

  /** What can be wrong, each with a code for programs that stays as it is. */
  public enum Fault {
    /** A name is a path, has control characters or nothing that can be seen. */
    BAD_NAME("bundle-bad-name"),
    /** A file of that name means something else in the inbox, or is never looked at there. */
    RESERVED_NAME("bundle-reserved-name"),
    FILE_KIND("bundle-file-kind"),
    NO_PROFILE("no-such-profile"),
    TOO_MANY("bundle-too-many"),
    NO_PICTURE("bundle-no-picture"),
    NO_RECORDING("bundle-no-recording"),
    /** A recording for a model that takes none. */
    RECORDING_NOT_TAKEN("bundle-recording-not-taken"),
    /** Nothing says what the model or the profile must be told. */
    NO_SIDECAR("bundle-no-sidecar"),
    NO_CONTENT("bundle-no-content"),
    /** A key of the sender that nobody can be asked to remember. */
    KEY_TOO_LONG("idempotency-key"),
    /** The key of an earlier call came with another content. */
    KEY_REUSED("idempotency-key-reused");

    private final String code;

    Fault(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /**
   * A refusal.
   *
   * @param message one sentence for the sender
   * @param detail the name it is about, made fit for one line; empty for none
   */
  public BundleException(Fault fault, String message, String detail) {
    super(message);
    this.fault = fault;
    this.detail = detail;
  }

  public Fault fault() {
    return fault;
  }

  public String detail() {
    return detail;
  }
}
