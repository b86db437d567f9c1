package io.klingdrop.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings, typed and judged. Immutable.
 *
 * @param workingFolder what relative folders are relative to, absolute
 * @param providers every account, usable or not
 * @param jsonLog whether each line of the log is a JSON object
 * @param warnings what is allowed but unusual, one sentence each
 * @param values every effective key with its text, for placeholders in routes; holds secrets
 */
public record Settings(
    Path workingFolder,
    Folders folders,
    Inbox inbox,
    List<ProviderSettings> providers,
    Media media,
    Submit submit,
    Budget budget,
    Lane lane,
    Poll poll,
    Result result,
    Deliver deliver,
    S3Settings s3,
    Outcomes outcomes,
    Database database,
    Node node,
    Http http,
    Callback callback,
    ProxySettings proxy,
    boolean jsonLog,
    TracingSettings tracing,
    List<String> warnings,
    Map<String, String> values) {

  public record Inbox(
      Duration settle, Duration scanPeriod, Duration pairWindow, String defaultProfile) {}

  /**
   * How media reach a provider.
   *
   * @param urlPrefix public address of the data folder's {@code work}; empty: media are uploaded or
   *     travel inside the request
   * @param byS3 whether media are put into the bucket, and the provider gets signed addresses
   * @param only the accounts this is for; empty: all
   * @param ttl how long a signed address is good
   * @param sweep how often media nobody reads any more are removed
   */
  public record Media(
      String urlPrefix, boolean byS3, List<String> only, Duration ttl, Duration sweep) {

    public Media {
      only = List.copyOf(only);
    }

    /** Whether that account reads media from the bucket. */
    public boolean byS3(String provider) {
      return byS3 && (only.isEmpty() || only.contains(provider));
    }
  }

  /**
   * When jobs are submitted.
   *
   * @param giveUp how long an unaccepted job is offered again
   * @param minFree the bytes that must be free where a video will be put; with less, jobs wait
   */
  public record Submit(Duration giveUp, long minFree) {}

  /**
   * What may be spent.
   *
   * @param creditsPerDay of all accounts and profiles in one UTC day, null for no cap
   * @param unknownPriceAllowed whether jobs of unknown price go ahead under a cap
   */
  public record Budget(@Nullable Double creditsPerDay, boolean unknownPriceAllowed) {}

  /** When a closed account is looked at again. */
  public record Lane(Duration probeMin, Duration probeMax) {}

  /** The schedule of recordInfo calls. */
  public record Poll(
      Duration heartbeat,
      Duration first,
      Duration min,
      Duration max,
      Duration softDeadline,
      Duration slowPeriod,
      Duration grace,
      Duration retention) {}

  public record Result(boolean allowPrivateHosts, long maxSize, Duration stall, Duration giveUp) {}

  /** Where results go: one or more of {@link #TARGETS}, unless a profile says otherwise. */
  public record Deliver(List<String> targets, Duration giveUp) {

    public static final List<String> TARGETS = List.of("file", "s3");

    public Deliver {
      targets = List.copyOf(targets);
    }
  }

  /**
   * Who is told of outcomes.
   *
   * @param source what the messages name as their origin
   * @param channels endpoint URIs by channel name; an empty list where the folders are enough, no
   *     entry where another channel stands in
   * @param webhook where notices are posted
   */
  public record Outcomes(String source, Map<String, List<String>> channels, Webhook webhook) {
    @Override
    public String toString() {
      return "Outcomes[" + source + "]";
    }
  }

  /**
   * Where signed notices are posted.
   *
   * @param url empty for nowhere
   * @param secrets each {@code whsec_} and a key in Base64; every notice is signed with all of them
   * @param giveUp how long a notice is tried
   * @param timeout how long one try may take
   */
  public record Webhook(String url, List<String> secrets, Duration giveUp, Duration timeout) {
    @Override
    public String toString() {
      return "Webhook[" + (url.isEmpty() ? "none" : "set") + "]";
    }
  }

  /**
   * Where the ledger is.
   *
   * @param migrate whether a program that needs newer tables makes them when it opens the ledger
   */
  public record Database(String url, String user, String password, boolean migrate) {
    /** Whether other nodes may have the same ledger, and so the same folders. */
    public boolean shared() {
      return url.startsWith("jdbc:postgresql:");
    }

    @Override
    public String toString() {
      return "Database[" + url + "]";
    }
  }

  /**
   * This service among others at one PostgreSQL.
   *
   * @param name empty for the usual one
   * @param lease how long it keeps its accounts and jobs without a sign of life
   */
  public record Node(String name, Duration lease) {}

  /**
   * The HTTP port.
   *
   * @param port 0 for none
   * @param host the address it is bound to
   * @param user whose password opens the operator's paths; empty: no login
   * @param passwordHash what the {@code hash-password} verb prints; never printed
   */
  public record Http(int port, String host, String user, String passwordHash) {
    public boolean on() {
      return port > 0;
    }

    /** Whether nobody chose this port. */
    public boolean usual() {
      return port == 8080 && loopback();
    }

    public boolean login() {
      return !user.isEmpty();
    }

    /** Whether only this machine can reach the port. */
    public boolean loopback() {
      return host.matches("localhost|::1|\\[::1]|127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
      return "Http[" + host + ":" + port + "]";
    }
  }

  /**
   * Where providers call back.
   *
   * @param publicUrl what stands before {@code /callback/…}, without a slash at the end; empty:
   *     they are asked only
   * @param port of its own, where nothing but callbacks is answered; 0: they come to the HTTP port
   * @param host the address that port is bound to
   */
  public record Callback(String publicUrl, int port, String host) {

    /** Whether callbacks come to a port of their own. */
    public boolean apart() {
      return on() && port > 0;
    }

    /** Whether providers are asked to call back. */
    public boolean on() {
      return !publicUrl.isEmpty();
    }
  }

  /** The account of that name; an illegal argument if there is none. */
  public ProviderSettings provider(String name) {
    return providers.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no account is called " + name));
  }

  public ProviderSettings kie() {
    return provider("kie");
  }

  @Override
  public String toString() {
    return "Settings[" + workingFolder + "]";
  }
}
