package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The OpenAPI document, made of the very endpoints that answer. */
final class OpenApi {
  private static final Pattern PART = Pattern.compile("\\{([^}]+)}");

  private OpenApi() {}

  static ObjectNode of(List<Endpoint> endpoints) {
    var document = JsonNodeFactory.instance.objectNode();
    document.put("openapi", "3.0.3");
    var version = OpenApi.class.getPackage().getImplementationVersion();
    document
        .putObject("info")
        .put("title", "klingdrop")
        .put("version", version == null ? "0" : version)
        .put(
            "description",
            "Calls that change something need the header X-Klingdrop: 1, or JSON from the same"
                + " origin.");
    var paths = document.putObject("paths");
    for (var endpoint : endpoints) {
      if (!endpoint.path().startsWith("/callback/")) {
        var path =
            paths.path(endpoint.path()) instanceof ObjectNode known
                ? known
                : paths.putObject(endpoint.path());
        describe(path.putObject(endpoint.method().toLowerCase(Locale.ROOT)), endpoint);
      }
    }
    return document;
  }

  private static void describe(ObjectNode operation, Endpoint endpoint) {
    operation.put("summary", endpoint.summary());
    if (!endpoint.id().isEmpty()) {
      operation.put("operationId", endpoint.id());
    }
    var parameters = operation.putArray("parameters");
    PART.matcher(endpoint.path())
        .results()
        .forEach(
            part ->
                parameters
                    .addObject()
                    .put("in", "path")
                    .put("name", part.group(1))
                    .put("required", true)
                    .putObject("schema")
                    .put("type", "string"));
    for (var input : endpoint.inputs()) {
      if (input.in().equals("query") || input.in().equals("header")) {
        parameters
            .addObject()
            .put("in", input.in())
            .put("name", input.name())
            .put("required", input.required())
            .put("description", input.meaning())
            .putObject("schema")
            .put("type", input.type());
      } else {
        body(operation, input);
      }
    }
    var responses = operation.putObject("responses");
    responses
        .putObject("200")
        .put("description", endpoint.summary())
        .putObject("content")
        .putObject(endpoint.answers().replaceFirst(";.*", ""));
    responses.putObject("default").put("description", "an error, as JSON");
  }

  private static void body(ObjectNode operation, Endpoint.Input input) {
    var type = input.in().equals("form") ? "multipart/form-data" : "application/json";
    var schema =
        operation
            .withObject("/requestBody")
            .put("required", true)
            .withObject("/content")
            .withObject("/" + type.replace("/", "~1"))
            .withObject("/schema")
            .put("type", "object");
    var property = schema.withObject("/properties").putObject(input.name());
    property.put("description", input.meaning());
    if (input.type().equals("array")) {
      property.put("type", "array").putObject("items").put("type", "string");
    } else if (input.type().equals("file")) {
      property.put("type", "string").put("format", "binary");
    } else {
      property.put("type", input.type());
    }
    if (input.required()) {
      schema.withArray("/required").add(input.name());
    }
  }
}
