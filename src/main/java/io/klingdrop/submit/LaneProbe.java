package io.klingdrop.submit;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Refusal;

/**
 * The light look at a closed account: a credit call where that tells enough, else one trial job.
 * Never two looks at once: the lane itself puts off the next.
 */
record LaneProbe(Providers providers, Lanes lanes) {
  /** How many jobs of that account may be sent now, given it has room for {@code room}. */
  int room(String provider, int room) {
    if (lanes.held(provider)) {
      return 0;
    }
    var lane = lanes.account(provider).orElse(null);
    if (lane == null) {
      return room;
    }
    var cause = Meaning.ofWord(lane.cause());
    var asks =
        switch (cause) {
          case KEY, LOST, CREDIT, ADDRESS -> true;
          default -> false;
        };
    if ((!asks && room <= 0) || !lanes.probeNow(lane)) {
      return 0;
    }
    if (!asks) {
      return 1;
    }
    return switch (look(lane)) {
      case NO -> 0;
      case PERHAPS -> Math.min(room, 1);
      case YES -> {
        if (cause == Meaning.CREDIT) {
          yield Math.min(room, 1);
        }
        lanes.open(provider, "");
        yield room;
      }
    };
  }

  private enum Works {
    YES,
    NO,
    PERHAPS
  }

  private Works look(ClosedLane lane) {
    try {
      var credit = providers.account(lane.provider()).gateway().credit();
      if (credit.isEmpty()) {
        return lane.cause().equals(Meaning.CREDIT.word()) ? Works.PERHAPS : Works.YES;
      }
      if (credit.get().signum() > 0) {
        return Works.YES;
      }
      lanes.close(
          lane.provider(), "", Refusal.of(Meaning.CREDIT, "the credit left is " + credit.get()));
      return Works.NO;
    } catch (ProviderException e) {
      var refusal = e.refusal();
      var status = refusal.httpStatus();
      if (!refusal.meaning().closesLane() && status != null && status < 500) {
        return Works.PERHAPS;
      }
      var cause = refusal.meaning().closesLane() ? refusal.meaning() : Meaning.ofWord(lane.cause());
      lanes.close(
          lane.provider(),
          "",
          new Refusal(cause, refusal.code(), refusal.message(), status, refusal.retryAfter()));
      return Works.NO;
    }
  }
}
