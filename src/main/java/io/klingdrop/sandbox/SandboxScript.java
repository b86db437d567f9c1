package io.klingdrop.sandbox;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a prompt asks the sandbox to do, in words between square brackets; any other text has no
 * effect. Several words may stand in one prompt.
 *
 * <table>
 *   <caption>prompt words</caption>
 *   <tr><td>{@code [slow 20s]}</td><td>the task takes that long (s or m)</td></tr>
 *   <tr><td>{@code [fail 501 text]}</td><td>the task ends in fail with that failCode and failMsg</td></tr>
 *   <tr><td>{@code [refuse 422 text]}</td><td>createTask is refused with that code and message</td></tr>
 *   <tr><td>{@code [html]}</td><td>the first two looks at the task are answered by an HTML page</td></tr>
 *   <tr><td>{@code [odd-state]}</td><td>the first two looks show a state word nobody knows</td></tr>
 *   <tr><td>{@code [no-url]}</td><td>the task succeeds and names no video</td></tr>
 *   <tr><td>{@code [broken-video]}</td><td>the video is cut off in the middle</td></tr>
 *   <tr><td>{@code [expired-url]}</td><td>the video's address is refused until a fresh one is asked for</td></tr>
 *   <tr><td>{@code [two-results]}</td><td>the task brings two videos</td></tr>
 *   <tr><td>{@code [hang]}</td><td>the task is accepted and the answer never comes</td></tr>
 *   <tr><td>{@code [drop]}</td><td>the task is accepted and the answer is a bare 502</td></tr>
 * </table>
 *
 * @param render how long the task takes
 * @param fail how it ends, null for a success
 * @param refuse how createTask is refused, null if it is accepted
 */
record SandboxScript(
    Duration render,
    @Nullable Verdict fail,
    @Nullable Verdict refuse,
    boolean html,
    boolean oddState,
    boolean noUrl,
    boolean brokenVideo,
    boolean expiredUrl,
    boolean twoResults,
    boolean hang,
    boolean drop) {
  private static final Pattern SLOW = Pattern.compile("\\[slow (\\d{1,4})(s|m)]");
  private static final Pattern FAIL = Pattern.compile("\\[fail (\\w{1,40})( [^\\]]*)?]");
  private static final Pattern REFUSE = Pattern.compile("\\[refuse (\\d{3})( [^\\]]*)?]");

  /** A code and its text. */
  record Verdict(String code, String message) {}

  /** What that prompt asks for; {@code usual} is how long a task takes unless it says so. */
  static SandboxScript of(String prompt, Duration usual) {
    var slow = SLOW.matcher(prompt);
    var render = usual;
    if (slow.find()) {
      var count = Long.parseLong(slow.group(1));
      render = slow.group(2).equals("m") ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
    }
    return new SandboxScript(
        render,
        verdict(FAIL.matcher(prompt), "Internal Error, Please try again later."),
        verdict(REFUSE.matcher(prompt), "refused by the sandbox"),
        has(prompt, "html"),
        has(prompt, "odd-state"),
        has(prompt, "no-url"),
        has(prompt, "broken-video"),
        has(prompt, "expired-url"),
        has(prompt, "two-results"),
        has(prompt, "hang"),
        has(prompt, "drop"));
  }

  private static @Nullable Verdict verdict(Matcher match, String usual) {
    if (!match.find()) {
      return null;
    }
    var text = match.group(2);
    return new Verdict(match.group(1), text == null ? usual : text.strip());
  }

  private static boolean has(String prompt, String word) {
    return prompt.toLowerCase(Locale.ROOT).contains("[" + word + "]");
  }
}
