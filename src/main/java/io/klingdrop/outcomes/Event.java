package io.klingdrop.outcomes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Headers;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRow;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An outcome as it travels: a CloudEvent in structured mode (CloudEvents 1.0.2, JSON format) whose
 * data {@code config/schemas/outcome-v1.json} describes, and the headers routes may use.
 *
 * @param body the whole event as JSON
 */
record Event(String body, Map<String, Object> headers) {
  static final String SCHEMA = "urn:klingdrop:outcome:v1";
  static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_HEADER = 2000;

  Event {
    headers = Map.copyOf(headers);
  }

  static Event of(OutcomeRow row, String source) {
    var data = data(row);
    var event = JSON.createObjectNode();
    event
        .put("specversion", "1.0")
        .put("id", row.id())
        .put("source", source)
        .put("type", row.type())
        .put("subject", row.subject())
        .put("time", row.at().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("datacontenttype", "application/json")
        .put("dataschema", SCHEMA)
        .set("data", data);
    return new Event(event.toString(), data.has("job") ? jobHeaders(data) : laneHeaders(data));
  }

  private static ObjectNode data(OutcomeRow row) {
    try {
      if (JSON.readTree(row.data()) instanceof ObjectNode data) {
        return data.has("job") ? data.put("folder", row.folder()) : data;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("outcome " + row.id() + " is no JSON in the ledger", e);
    }
    throw new IllegalStateException("outcome " + row.id() + " is no object in the ledger");
  }

  private static Map<String, Object> jobHeaders(JsonNode data) {
    var headers = new LinkedHashMap<String, Object>();
    put(headers, Headers.JOB_ID, data.path("job"));
    put(headers, Headers.NAME, data.path("name"));
    put(headers, Headers.PROFILE, data.path("profile"));
    put(headers, Headers.PROVIDER, data.path("provider"));
    put(headers, Headers.MODEL, data.path("model"));
    put(headers, Headers.STATE, data.path("state"));
    put(headers, Headers.TASK_ID, data.path("taskId"));
    put(headers, Headers.FAIL_CLASS, data.path("class"));
    put(headers, Headers.FAIL_CODE, data.path("failCode"));
    put(headers, Headers.FAIL_MESSAGE, data.path("failMessage"));
    headers.put(Headers.CHANNEL, channel(data));
    return headers;
  }

  /** What ended without a fault has a channel by its state, the rest by its class. */
  private static String channel(JsonNode data) {
    var state = JobState.valueOf(data.path("state").asText());
    return switch (state) {
      case DELIVERED, DUPLICATE, CANCELLED -> state.name().toLowerCase(Locale.ROOT);
      case FAILED, SUBMIT_UNKNOWN, CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED ->
          data.path("class").asText();
    };
  }

  private static Map<String, Object> laneHeaders(JsonNode data) {
    var headers = new LinkedHashMap<String, Object>();
    put(headers, Headers.PROVIDER, data.path("provider"));
    put(headers, Headers.MODEL, data.path("model"));
    put(headers, Headers.STATE, data.path("state"));
    put(headers, Headers.FAIL_CODE, data.path("cause"));
    put(headers, Headers.FAIL_MESSAGE, data.path("message"));
    headers.put(Headers.CHANNEL, Channels.LANE);
    return headers;
  }

  /** What says nothing is left out. A file's name may hold anything; a header is one line. */
  private static void put(Map<String, Object> headers, String name, JsonNode value) {
    if (!value.isNull() && !value.asText().isEmpty()) {
      headers.put(name, Text.oneLine(value.asText(), LONGEST_HEADER));
    }
  }
}
