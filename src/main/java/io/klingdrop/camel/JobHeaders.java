package io.klingdrop.camel;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Job;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** Puts what routes may know of a job into the headers of its exchange. */
public final class JobHeaders {

  /** Sets every {@code Klingdrop} header from the job; those that say nothing are removed. */
  public void describe(@Body Job job, Exchange exchange) {
    var message = exchange.getMessage();
    message.removeHeaders("Klingdrop*");
    message.setHeader(Headers.JOB_ID, job.id());
    message.setHeader(Headers.NAME, job.name());
    message.setHeader(Headers.PROFILE, job.profile());
    message.setHeader(Headers.PROVIDER, job.provider());
    message.setHeader(Headers.MODEL, job.model());
    message.setHeader(Headers.STATE, job.state().name());
    if (job.taskId() != null) {
      message.setHeader(Headers.TASK_ID, job.taskId());
    }
    var failure = job.failure();
    if (failure != null) {
      message.setHeader(Headers.FAIL_CLASS, failure.failureClass().channel());
      message.setHeader(Headers.FAIL_MESSAGE, failure.message());
      if (failure.code() != null) {
        message.setHeader(Headers.FAIL_CODE, failure.code());
      }
    }
  }
}
