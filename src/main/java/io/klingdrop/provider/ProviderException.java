package io.klingdrop.provider;

/** A free call was refused. Nothing was created, nothing was charged; it may be repeated. */
public final class ProviderException extends Exception {
  private final transient Refusal refusal;

  public ProviderException(Refusal refusal) {
    super(refusal.said());
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
