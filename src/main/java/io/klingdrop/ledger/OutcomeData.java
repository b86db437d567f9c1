package io.klingdrop.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Charged;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an outcome message tells, as {@code config/schemas/outcome-v1.json} describes it. No address
 * of a provider is in it: such may be signed.
 */
final class OutcomeData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OutcomeData() {}

  static ObjectNode job(Tx tx, Job job) throws SQLException {
    var data = JSON.createObjectNode();
    data.put("job", job.id())
        .put("name", job.name())
        .put("profile", job.profile())
        .put("subPath", job.subPath())
        .put("provider", job.provider())
        .put("model", job.model())
        .put("taskId", job.taskId())
        .put("state", job.state().name());
    failure(data, job);
    data.put("attempts", job.attempts()).put("credits", job.credits());
    data.put("duplicateOf", job.duplicateOf());
    var files = data.putArray("files");
    for (var file : job.files()) {
      files
          .addObject()
          .put("role", file.role().word())
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    var results = data.putArray("results");
    if (job.state() == JobState.DELIVERED) {
      for (var result : job.results()) {
        result(tx, job, result, results.addObject());
      }
    }
    return data.put("createdAt", text(job.createdAt()))
        .put("submittedAt", text(job.submittedAt()))
        .put("generatedAt", text(job.generatedAt()))
        .put("deliveredAt", text(job.deliveredAt()));
  }

  private static void failure(ObjectNode data, Job job) {
    var failure = job.state() == JobState.DELIVERED ? null : job.failure();
    data.put("class", failure == null ? null : failure.failureClass().channel())
        .put("failCode", failure == null ? null : failure.code())
        .put("failMessage", failure == null ? null : failure.message())
        .put("httpStatus", failure == null ? null : failure.httpStatus())
        .put("charged", (failure == null ? charged(job) : failure.charged()).word())
        .put(
            "nextStep",
            failure == null || job.state() == JobState.CANCELLED
                ? null
                : failure.failureClass().nextStep().replace("JOB", job.id()));
  }

  /** What is known of the cost of a job that has no failure to tell it. */
  private static Charged charged(Job job) {
    if (job.state() == JobState.DELIVERED || job.taskId() != null) {
      return Charged.YES;
    }
    return job.attempts() == 0 ? Charged.NO : Charged.UNKNOWN;
  }

  private static void result(Tx tx, Job job, ResultFile result, ObjectNode node)
      throws SQLException {
    var millis = result.durationMillis();
    node.put("number", result.number())
        .put("sha256", result.sha256())
        .put("bytes", result.bytes())
        .put("durationSeconds", millis == null ? null : Double.valueOf(millis / 1000.0));
    var places = node.putArray("places");
    tx.query(
        row -> places.addObject().put("target", row.getString(1)).put("location", row.getString(2)),
        "select target, location from receipt where job_id = ? and number = ? order by target",
        job.id(),
        result.number());
  }

  static ObjectNode lane(ClosedLane lane, boolean closed) {
    return JSON.createObjectNode()
        .put("provider", lane.provider())
        .put("model", lane.model())
        .put("state", closed ? "LANE_CLOSED" : "LANE_OPEN")
        .put("cause", lane.cause())
        .put("message", lane.message())
        .put("closedAt", text(lane.closedAt()));
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
