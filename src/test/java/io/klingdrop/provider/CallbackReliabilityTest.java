package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallbackReliabilityTest {
  private Instant now = Instant.EPOCH;
  private final Set<String> told = new HashSet<>();
  private final ArrayList<String> silent = new ArrayList<>();
  private final CallbackReliability trust = trust();

  private CallbackReliability trust() {
    var made = new CallbackReliability(() -> now, told::contains);
    made.onSilence(silent::add);
    return made;
  }

  private void untold(String job) {
    trust.foundUntold("kie", job, Duration.ofMinutes(1));
  }

  @Test
  void callsAreExpectedUntilOneDoesNotCome() {
    assertThat(trust.in("kie")).isTrue();
    untold("a");
    assertThat(trust.in("kie")).isFalse();
    assertThat(trust.in("comet")).isTrue();
    assertThat(silent).containsExactly("kie");
    trust.heard("kie");
    assertThat(trust.in("kie")).isTrue();
  }

  @Test
  void aCallThatIsOnlyLateDoesNotCount() {
    trust.foundUntold("kie", "a", null);
    assertThat(trust.in("kie")).isTrue();
    told.add("a");
    now = now.plusSeconds(11);
    assertThat(trust.in("kie")).isTrue();
    trust.foundUntold("kie", "b", Duration.ofSeconds(4));
    now = now.plusSeconds(7);
    assertThat(trust.in("kie")).isFalse();
  }

  @Test
  void anAccountThatHasCalledMayMissTwo() {
    trust.heard("kie");
    untold("a");
    untold("b");
    assertThat(trust.in("kie")).isTrue();
    untold("c");
    assertThat(trust.in("kie")).isFalse();
    assertThat(silent).containsExactly("kie");
  }

  @Test
  void anAddressThatLeadsNowhereIsNotReliedOnUnlessCallsComeAllTheSame() {
    trust.leadsHere(false);
    assertThat(trust.in("kie")).isFalse();
    assertThat(silent).containsExactly("");
    trust.heard("kie");
    assertThat(trust.in("kie")).isTrue();
    trust.leadsHere(true);
    assertThat(trust.in("comet")).isTrue();
  }
}
