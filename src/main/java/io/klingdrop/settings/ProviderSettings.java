package io.klingdrop.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One provider account.
 *
 * @param name such as {@code kie}
 * @param uploadUrl where media go; the base URL again for a provider without uploads
 * @param keys the secrets; never printed
 * @param missing what must be set before the account can be used, one sentence; empty if all is
 *     there
 */
public record ProviderSettings(
    String name,
    URI baseUrl,
    URI uploadUrl,
    Keys keys,
    Rate createRate,
    Rate pollRate,
    int maxInFlight,
    Timeouts timeouts,
    Quirks quirks,
    String missing) {

  /**
   * What proves who we are, a bearer key or a pair that tokens are minted from, and what callbacks
   * are signed with. Unset ones are empty.
   */
  public record Keys(String apiKey, String accessKey, String secretKey, String callbackKey) {

    /** Whether tokens are minted; the pair is used where both it and a bearer key are set. */
    public boolean mints() {
      return !accessKey.isEmpty() && !secretKey.isEmpty();
    }

    @Override
    public String toString() {
      return "Keys[]";
    }
  }

  /** How long calls may take; after {@code create} a createTask answer counts as lost. */
  public record Timeouts(Duration create, Duration poll, Duration upload) {}

  /**
   * In what a provider differs from others of its dialect.
   *
   * @param queryPaths where a task is asked for, tried in this order; {@code {create}} stands for
   *     the path it was created at, {@code {id}} for its id
   * @param sendEmptyOptionals whether fields without a value are sent as empty texts
   * @param extraBody fields for every request, a JSON object or empty
   * @param lookup how far an answer that no task carries our id is believed
   */
  public record Quirks(
      List<String> queryPaths, boolean sendEmptyOptionals, String extraBody, Lookup lookup) {
    static final Quirks NONE = new Quirks(List.of(), false, "", Lookup.OFF);

    public Quirks {
      queryPaths = List.copyOf(queryPaths);
    }
  }

  /** Whether a task whose createTask answer was lost can be found by the id we gave it. */
  public enum Lookup {
    /** It cannot. */
    OFF,
    /** A found task is believed; a missing one only if another, known task is found this way. */
    PROVEN,
    /** The provider documents it: both answers are believed. */
    TRUSTED
  }

  /** The bearer key, empty if none is set. */
  public String apiKey() {
    return keys.apiKey();
  }

  public boolean usable() {
    return missing.isEmpty();
  }

  @Override
  public String toString() {
    return "ProviderSettings[" + name + " at " + baseUrl + "]";
  }
}
