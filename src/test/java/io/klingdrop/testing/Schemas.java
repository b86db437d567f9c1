package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The schemas that are published, as they lie in the jar. They are judged strictly here: what a
 * schema does not describe is a fault too, though readers are to pass over it.
 */
public final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOB = "urn:klingdrop:job:v1";
  private static final String OUTCOME = "urn:klingdrop:outcome:v1";
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          factory ->
              factory.schemaLoaders(
                  loaders ->
                      loaders.schemas(
                          Map.of(
                              JOB, strict("job-v1.json").toString(),
                              OUTCOME, strict("outcome-v1.json").toString()))));

  private Schemas() {}

  /** That a job is what {@code $defs/view} of the job schema says, such as {@code errorNote}. */
  public static void assertFits(String view, JsonNode job) {
    assertFits(JOB + "#/$defs/" + view, view, job);
  }

  /** That a message is what the outcome schema says. */
  public static void assertOutcome(JsonNode message) {
    assertFits(OUTCOME, "outcome message", message);
  }

  private static void assertFits(String schema, String name, JsonNode json) {
    assertThat(schema(schema).validate(json)).as(name + " " + json.toPrettyString()).isEmpty();
  }

  private static JsonSchema schema(String location) {
    return FACTORY.getSchema(
        SchemaLocation.of(location),
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }

  private static JsonNode strict(String name) {
    try (var in = Schemas.class.getResourceAsStream("/config/schemas/" + name)) {
      return closed(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same schema, by which no object has a field that is not described. */
  private static JsonNode closed(JsonNode schema) {
    schema.forEach(Schemas::closed);
    if (schema instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.has("properties")) {
      object.put("additionalProperties", false);
    }
    return schema;
  }
}
