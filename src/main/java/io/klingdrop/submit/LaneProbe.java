package io.klingdrop.submit;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Providers;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The light look at a closed account: a credit call where that tells enough, else one trial job.
 * Never two looks at once: the lane itself puts off the next.
 */
final class LaneProbe {
  private final Providers providers;
  private final Lanes lanes;

  LaneProbe(Providers providers, Lanes lanes) {
    this.providers = providers;
    this.lanes = lanes;
  }

  /** How many jobs of that account may be sent now, given it has room for {@code room}. */
  int room(String provider, int room) {
    var lane = lanes.account(provider).orElse(null);
    if (lane == null) {
      return room;
    }
    if (!lanes.probeNow(lane)) {
      return 0;
    }
    return switch (Meaning.valueOf(lane.cause().toUpperCase(java.util.Locale.ROOT))) {
      case KEY, LOST -> {
        if (credit(lane) == null) {
          yield 0;
        }
        lanes.open(provider, "");
        yield room;
      }
      case CREDIT -> {
        var credit = credit(lane);
        yield credit != null && credit.signum() > 0 ? Math.min(room, 1) : 0;
      }
      default -> Math.min(room, 1);
    };
  }

  private @Nullable BigDecimal credit(ClosedLane lane) {
    try {
      return providers.account(lane.provider()).gateway().credit();
    } catch (ProviderException e) {
      var refusal = e.refusal();
      lanes.close(
          lane.provider(),
          "",
          refusal.meaning().closesLane()
              ? refusal
              : new io.klingdrop.provider.Refusal(
                  Meaning.valueOf(lane.cause().toUpperCase(java.util.Locale.ROOT)),
                  refusal.code(),
                  refusal.message(),
                  refusal.httpStatus(),
                  refusal.retryAfter()));
      return null;
    }
  }
}
