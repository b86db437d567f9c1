package io.klingdrop.process;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.klingdrop.job.JobLog;

/** The word {@code %job} of the text log: the job's id and a colon where the message has it not. */
public final class JobWord extends ClassicConverter {

  @Override
  public String convert(ILoggingEvent event) {
    var job = event.getMDCPropertyMap().get(JobLog.KEY);
    return job == null || event.getFormattedMessage().contains(job) ? "" : job + ": ";
  }
}
