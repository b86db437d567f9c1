package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.testing.CannedWire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts one answer to every question of a provider, and says what must hold whatever the answer was:
 * words are short, on one line and without the key, figures are figures, addresses and ids can be
 * used as such. The first two bytes choose status and Retry-After, the rest is the body.
 */
public final class Answered {
  /** The key of the account under test; samples hold it, as a provider may repeat it. */
  public static final String KEY = "kd-test-key-7f3a9c51";

  private static final int[] STATUS = {200, 200, 200, 200, 401, 404, 429, 500, 502, 302, 0};
  private static final List<String> RETRY_AFTER =
      List.of("", "5", "999999", "-1", "x", "Fri, 31 Dec 9999 23:59:59 GMT", "1e9", "00000000001");

  private Answered() {}

  /** An answer with status 200, in the form {@link #judge} takes. */
  public static byte[] ok(String body) {
    return ("\0\0" + body).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Asks everything and judges what the provider makes of it.
   *
   * @param anew makes a provider for each question: one that was told to slow down takes its time
   */
  public static void judge(Supplier<Provider> anew, CannedWire wire, byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    wire.lay(
        STATUS[(bytes[0] & 0xff) % STATUS.length],
        RETRY_AFTER.get((bytes[1] & 0xff) % RETRY_AFTER.size()),
        Arrays.copyOfRange(bytes, 2, bytes.length));
    created(
        anew.get()
            .createTask(
                new TaskRequest(
                    "m",
                    "kd-1",
                    JsonNodeFactory.instance.objectNode(),
                    Map.of(),
                    Optional.empty())));
    reported(anew.get().recordInfo("m", "task-1"));
    seen(anew.get().find("m", "kd-1"));
    seen(
        anew.get()
            .confirm("m", "task-1", new TaskEvidence("kd-1", Instant.EPOCH, address -> true)));
    var body = new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
    heard(anew.get().read(new Callback(Map.of(), body)));
    try {
      anew.get().credit().ifPresent(left -> assertThat(left.toPlainString()).hasSizeLessThan(100));
    } catch (ProviderException e) {
      refused(e.refusal());
    }
    try {
      address(anew.get().downloadUrl("https://a.example/1.mp4"));
    } catch (ProviderException e) {
      refused(e.refusal());
    }
  }

  private static void created(CreateAnswer answer) {
    if (answer instanceof CreateAnswer.Accepted accepted) {
      id(accepted.taskId());
    } else if (answer instanceof CreateAnswer.Refused refused) {
      refused(refused.refusal());
    } else {
      words(((CreateAnswer.Lost) answer).reason(), 700);
    }
  }

  private static void seen(Sighting sighting) {
    if (sighting instanceof Sighting.Found found) {
      id(found.taskId());
    } else if (sighting instanceof Sighting.NotThere notThere) {
      words(notThere.said(), 700);
    } else {
      words(((Sighting.NoWord) sighting).reason(), 700);
    }
  }

  private static void heard(CallbackWord word) {
    if (word instanceof CallbackWord.Forged forged) {
      words(forged.reason(), 500);
    } else if (!((CallbackWord.Genuine) word).taskId().isEmpty()) {
      id(((CallbackWord.Genuine) word).taskId());
    }
  }

  private static void reported(TaskReport report) {
    if (report instanceof TaskReport.Done done) {
      done.urls().forEach(Answered::address);
      assertThat(done.urls()).hasSizeLessThanOrEqualTo(100);
      credits(done.credits());
      var took = done.took();
      if (took != null) {
        assertThat(took).isPositive().isLessThanOrEqualTo(Duration.ofDays(30));
      }
    } else if (report instanceof TaskReport.Ended ended) {
      refused(ended.refusal());
      credits(ended.credits());
    } else if (report instanceof TaskReport.Closed closed) {
      refused(closed.refusal());
    } else if (report instanceof TaskReport.Working working) {
      words(working.word(), 100);
    } else if (report instanceof TaskReport.NotKnown notKnown) {
      words(notKnown.said(), 700);
    } else {
      words(((TaskReport.NoWord) report).reason(), 700);
    }
  }

  private static void refused(Refusal refusal) {
    words(refusal.message(), 500);
    words(refusal.said(), 700);
    var pause = refusal.retryAfter();
    if (pause != null) {
      assertThat(pause).isBetween(Duration.ZERO, Duration.ofDays(1));
    }
  }

  private static void credits(@Nullable Double credits) {
    if (credits != null) {
      assertThat(credits).isFinite().isNotNegative();
    }
  }

  private static void id(String id) {
    words(id, 200);
    assertThat(id).isNotBlank().doesNotContainAnyWhitespaces();
  }

  private static void address(String url) {
    words(url, 4096);
    assertThat(url).matches("(?i)https?://\\S+");
  }

  private static void words(String text, int longest) {
    assertThat(text).doesNotContain(KEY);
    assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(longest);
    assertThat(text.codePoints())
        .noneMatch(
            c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || (Character.getType(c) == Character.FORMAT && c != 0x200D));
  }
}
