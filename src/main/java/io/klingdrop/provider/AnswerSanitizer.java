package io.klingdrop.provider;

import io.klingdrop.job.Text;
import io.klingdrop.settings.ProviderSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a provider says fit to be kept and shown: words on one line, of a length, without the
 * account's keys; ids and addresses that can be used as such; figures that are figures. Immutable.
 */
public final class AnswerSanitizer {
  /** More words than this are looked at by nobody, nor by the rules of an {@link ErrorTable}. */
  private static final int MOST_WORDS = 4000;

  /** Ids seen have 20 to 40 characters (kie.ai, Kling and relays, 2026). */
  private static final int LONGEST_ID = 200;

  /** Signed addresses of 2,000 characters exist. */
  private static final int LONGEST_URL = 4096;

  /** A task brings one result, seldom a few. */
  private static final int MOST_URLS = 100;

  private static final int LONGEST_NUMBER = 40;

  /** No task is kept for longer by any provider. */
  private static final Duration LONGEST_RUN = Duration.ofDays(30);

  /** Blanks of all kinds, control and format characters, halves of characters. */
  private static final Pattern ODD = Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}\\p{Cs}]");

  private static final Pattern WEB = Pattern.compile("https?://.+", Pattern.CASE_INSENSITIVE);

  /** What is shorter is no key of theirs, and would be found inside ordinary words. */
  private static final int SHORTEST_KEY = 8;

  /** What makes an address of a bucket a secret; a provider may repeat one in its message. */
  private static final Pattern SIGNATURE =
      Pattern.compile("(?i)(X-Amz-(?:Signature|Credential|Security-Token))=[^&\\s\"'<>]*");

  /** A token minted from a key, which proves as much while it lives. */
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+");

  private final List<String> keys;

  public AnswerSanitizer(ProviderSettings.Keys keys) {
    this.keys =
        Stream.of(keys.apiKey(), keys.secretKey(), keys.accessKey(), keys.callbackKey())
            .filter(key -> key.length() >= SHORTEST_KEY)
            .toList();
  }

  /** Without keys, tokens and signatures: a provider may repeat what was sent to it. */
  private String hide(String text) {
    var plain = text;
    for (var key : keys) {
      plain = plain.replace(key, "[key]");
    }
    plain = SIGNATURE.matcher(plain).replaceAll("$1=[hidden]");
    return TOKEN.matcher(plain).replaceAll("[key]");
  }

  /** A sentence; empty for null. */
  public String words(@Nullable String said) {
    return Text.oneLine(hide(said == null ? "" : said), 500);
  }

  /** A word for a state or a code. */
  public String word(String said) {
    return Text.oneLine(hide(said), 60);
  }

  /** What is looked at of a long text. */
  public static String cut(String text) {
    return text.length() <= MOST_WORDS ? text : text.substring(0, MOST_WORDS);
  }

  /** Whether this can be a task's id: not blank, without blanks and odd characters, no key. */
  public boolean isId(String id) {
    return !id.isBlank() && id.length() <= LONGEST_ID && isClean(id) && hide(id).equals(id);
  }

  /** What a callback says, with an id only if it can be one. */
  public CallbackWord heard(CallbackWord word) {
    return word instanceof CallbackWord.Genuine told && !isId(told.taskId())
        ? new CallbackWord.Genuine("", told.ended())
        : word;
  }

  /**
   * The usable ones of some addresses, in their order and without repeats, a hundred at most. A key
   * in an address is hidden, for it would be shown to a stranger; such an address leads nowhere.
   */
  public List<String> urls(List<String> offered) {
    return offered.stream()
        .flatMap(each -> url(each).stream())
        .distinct()
        .limit(MOST_URLS)
        .toList();
  }

  /** An address of the web, empty if it is none. */
  public Optional<String> url(String offered) {
    var url = offered.strip();
    return url.length() <= LONGEST_URL && isClean(url) && WEB.matcher(url).matches()
        ? Optional.of(hide(url))
        : Optional.empty();
  }

  /** Credits taken, null if this is no figure that can be paid. */
  public static @Nullable Double credits(double credits) {
    return Double.isFinite(credits) && credits >= 0 ? credits : null;
  }

  /** A balance, empty if the text is no number of a sane size. */
  public static Optional<BigDecimal> balance(String text) {
    try {
      var balance = text.length() > LONGEST_NUMBER ? null : new BigDecimal(text);
      return Optional.ofNullable(balance)
          .filter(number -> Math.abs((long) number.scale()) <= LONGEST_NUMBER);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** How long a task ran, null if it cannot have. */
  public static @Nullable Duration took(long fromMillis, long toMillis) {
    var plausible = toMillis > fromMillis && toMillis - fromMillis <= LONGEST_RUN.toMillis();
    return fromMillis > 0 && plausible ? Duration.ofMillis(toMillis - fromMillis) : null;
  }

  private static boolean isClean(String text) {
    return !ODD.matcher(text).find();
  }
}
