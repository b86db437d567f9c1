package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a prompt asks the sandbox to do. Words in square brackets anywhere in the prompt, in any
 * case; several may stand side by side; words that are not listed are ordinary text. createTask and
 * recordInfo stand for the same calls of Kling's dialect, whose codes have four digits; a code of
 * kie.ai is translated there.
 *
 * <table>
 *   <caption>Prompt words</caption>
 *   <tr><th>word</th><th>what happens</th></tr>
 *   <tr><td>{@code [slow 20s]}</td><td>the task takes that long ({@code 500ms}, {@code 20s},
 *       {@code 5m}) instead of 2 seconds</td></tr>
 *   <tr><td>{@code [fail]}, {@code [fail 501]}, {@code [fail 422 any text]}</td><td>the task is
 *       accepted and ends in {@code fail} with this failCode (501 if none is named) and failMsg;
 *       it costs nothing</td></tr>
 *   <tr><td>{@code [refuse 402]}, {@code [refuse 422 any text]}</td><td>createTask answers this
 *       code, every time</td></tr>
 *   <tr><td>{@code [refuse-twice 429]}</td><td>the first two createTask calls with this prompt are
 *       answered with this code, the third is accepted</td></tr>
 *   <tr><td>{@code [html]}</td><td>the first two recordInfo answers are HTML pages, one with HTTP
 *       status 200 and one with 502</td></tr>
 *   <tr><td>{@code [odd-state]}</td><td>the first two recordInfo answers carry a state word that no
 *       document lists</td></tr>
 *   <tr><td>{@code [no-url]}</td><td>the task succeeds with an empty list of results</td></tr>
 *   <tr><td>{@code [broken-video]}</td><td>the result is cut off in the middle</td></tr>
 *   <tr><td>{@code [expired-url]}</td><td>the result is refused with HTTP status 403 until, after
 *       that, the record is read again or download-url is asked</td></tr>
 *   <tr><td>{@code [two-results]}</td><td>the task succeeds with two result addresses</td></tr>
 *   <tr><td>{@code [hang]}</td><td>createTask is accepted, but its answer never comes: after 60
 *       seconds the connection is closed</td></tr>
 *   <tr><td>{@code [drop]}</td><td>createTask is accepted, but answered with HTTP status 502 and no
 *       body</td></tr>
 * </table>
 *
 * @param renderTime how long the task takes
 * @param failure how the task ends, if it fails
 * @param refusal how createTask is answered, if it is refused
 * @param refusals how many times it is refused; {@link Integer#MAX_VALUE} for always
 * @param oddities everything else that is asked for
 */
public record SandboxScript(
    Duration renderTime,
    Optional<Verdict> failure,
    Optional<Verdict> refusal,
    int refusals,
    Set<Oddity> oddities) {
  /** How long a task takes when its prompt does not say. */
  public static final Duration DEFAULT_RENDER_TIME = Duration.ofSeconds(2);

  private static final Pattern WORD = Pattern.compile("\\[([a-zA-Z-]+)(?:\\s+([^\\]]*))?\\]");
  private static final Pattern CODE = Pattern.compile("(\\d{3,4})(?:\\s+(.*))?", Pattern.DOTALL);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*(ms|s|m)");

  /** Odd behaviour that needs no further words. */
  public enum Oddity {
    HTML,
    ODD_STATE,
    NO_URL,
    BROKEN_VIDEO,
    EXPIRED_URL,
    TWO_RESULTS,
    HANG,
    DROP;

    static Optional<Oddity> named(String word) {
      return Arrays.stream(values())
          .filter(oddity -> oddity.name().replace('_', '-').equalsIgnoreCase(word))
          .findFirst();
    }
  }

  /**
   * A code of the provider and the sentence that comes with it.
   *
   * @param code three digits at kie.ai, four at Kling; each dialect says the other's in its own way
   * @param message as the prompt gives it, else a message seen in the wild with this code
   */
  public record Verdict(int code, String message) {}

  public SandboxScript {
    oddities = Set.copyOf(oddities);
  }

  /** Whether the prompt asks for this oddity. */
  public boolean asksFor(Oddity oddity) {
    return oddities.contains(oddity);
  }

  /** What a request of either dialect asks for. */
  static SandboxScript of(JsonNode request) {
    return parse(request.path("input").path("prompt").asText(request.path("prompt").asText("")));
  }

  /**
   * Reads a prompt. Never fails: words that make no sense are ordinary text.
   *
   * @param prompt the prompt as the request carries it; may be empty
   */
  public static SandboxScript parse(String prompt) {
    var renderTime = DEFAULT_RENDER_TIME;
    Optional<Verdict> failure = Optional.empty();
    Optional<Verdict> refusal = Optional.empty();
    int refusals = 0;
    var oddities = EnumSet.noneOf(Oddity.class);
    var words = WORD.matcher(prompt);
    while (words.find()) {
      var word = words.group(1).toLowerCase(Locale.ROOT);
      var rest = words.group(2) == null ? "" : words.group(2).strip();
      switch (word) {
        case "slow" -> renderTime = duration(rest).orElse(renderTime);
        case "fail" -> failure = verdict(rest.isEmpty() ? "501" : rest, true, failure);
        case "refuse", "refuse-twice" -> {
          refusal = verdict(rest.isEmpty() ? "422" : rest, false, refusal);
          refusals = word.equals("refuse") ? Integer.MAX_VALUE : 2;
        }
        default -> Oddity.named(word).ifPresent(oddities::add);
      }
    }
    return new SandboxScript(
        renderTime, failure, refusal, refusal.isPresent() ? refusals : 0, oddities);
  }

  private static Optional<Verdict> verdict(String words, boolean ofTask, Optional<Verdict> before) {
    var match = CODE.matcher(words);
    if (!match.matches()) {
      return before;
    }
    int code = Integer.parseInt(match.group(1));
    var text = match.group(2);
    return Optional.of(
        new Verdict(code, text != null ? text : ofTask ? taskMessage(code) : message(code)));
  }

  private static String taskMessage(int code) {
    return switch (code) {
      case 400 -> "Request blocked: The generation was blocked by safety review.";
      case 402 -> "Insufficient balance";
      case 422 -> "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.";
      case 500 -> "Internal Error, Please try again later.";
      default -> "Generation failed";
    };
  }

  private static String message(int code) {
    return switch (code) {
      case 401 -> Envelope.UNAUTHORIZED;
      case 402 -> "Credits insufficient";
      case 422 -> "This field is required";
      case 429, 430 -> "Your call frequency is too high. Please try again later.";
      case 433 -> "The usage limit of this key is exceeded";
      case 455 -> "The server is currently being maintained, please try again later~";
      case 500 -> "Server exception, please try again later";
      case 505 -> "This feature is currently disabled";
      case 1102 -> "Account balance not enough";
      case 1301 -> "Trigger the content security policy of the platform";
      case 1302 -> "The API request is too fast";
      case 1303 -> "parallel task over resource pack limit";
      case 5000, 5001, 5002 -> "Server error, please try again later";
      default -> "Request refused";
    };
  }

  private static Optional<Duration> duration(String words) {
    var match = DURATION.matcher(words);
    if (!match.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(match.group(1));
    return Optional.of(
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        });
  }
}
