package io.klingdrop.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.klingdrop.fault.OutOfMemory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Libraries log what they catch: memory that ran out is seen there, also at levels nobody reads.
 */
public final class MemoryInLog extends TurboFilter {

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      @Nullable Object @Nullable [] params,
      @Nullable Throwable fault) {
    if (fault != null) {
      OutOfMemory.seen(fault);
    } else if (params != null
        && params.length > 0
        && params[params.length - 1] instanceof Throwable last) {
      OutOfMemory.seen(last);
    }
    return FilterReply.NEUTRAL;
  }
}
