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
    return asks ? asked(lane, cause, room) : 1;
  }

  /** A credit call; where credit was lacking, some credit is worth one trial job. */
  private int asked(ClosedLane lane, Meaning cause, int room) {
    try {
      var credit = providers.account(lane.provider()).gateway().credit();
      if (credit.isPresent() && credit.get().signum() <= 0) {
        var reason = "the credit left is " + credit.get();
        lanes.close(lane.provider(), "", Refusal.of(Meaning.CREDIT, reason));
        return 0;
      }
      if (cause == Meaning.CREDIT) {
        return Math.min(room, 1);
      }
      lanes.open(lane.provider(), "");
      return room;
    } catch (ProviderException e) {
      var refusal = e.refusal();
      var status = refusal.httpStatus();
      var closes = refusal.meaning().closesLane();
      if (!closes && status != null && status < 500) {
        return Math.min(room, 1);
      }
      lanes.close(
          lane.provider(),
          "",
          new Refusal(
              closes ? refusal.meaning() : cause,
              refusal.code(),
              refusal.message(),
              status,
              refusal.retryAfter()));
      return 0;
    }
  }
}
