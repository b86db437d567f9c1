package io.klingdrop.catalogue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns strict JSON (RFC 8259) into a {@link Document}: no comments, no {@code NaN}, no key twice,
 * nothing after the value, bounded depth, numbers exact.
 */
final class JsonText {
  /** Numbers are looked at as text, so their length does no harm; ours is the better message. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNumberLength(SourceText.MAX_BYTES).build())
          .build();

  private final String name;
  private final JsonParser parser;
  private final Map<String, Integer> lines = new HashMap<>();

  private JsonText(JsonParser parser, String name) {
    this.parser = parser;
    this.name = name;
  }

  static Document parse(String text, String name) {
    try (JsonParser parser = JSON.createParser(text)) {
      var json = new JsonText(parser, name);
      JsonNode root = json.node(parser.nextToken(), "", 0);
      if (parser.nextToken() != null) {
        throw json.fault("has something after the closing brace");
      }
      return new Document(name, root, Map.copyOf(json.lines));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new ParametersException(
          name,
          at == null ? 0 : at.getLineNr(),
          "is not valid JSON (column %d): %s"
              .formatted(at == null ? 0 : at.getColumnNr(), Words.clean(firstSentence(e), 120)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode node(@Nullable JsonToken token, String path, int depth) throws IOException {
    if (token == null) {
      throw fault("is empty; it should hold at least {}");
    }
    if (depth > Document.MAX_DEPTH) {
      throw fault("is nested deeper than " + Document.MAX_DEPTH + " levels");
    }
    Document.note(lines, path, parser.currentTokenLocation().getLineNr());
    return switch (token) {
      case START_OBJECT -> object(path, depth);
      case START_ARRAY -> array(path, depth);
      case VALUE_STRING -> Document.NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> Document.NODES.booleanNode(true);
      case VALUE_FALSE -> Document.NODES.booleanNode(false);
      default -> Document.NODES.nullNode();
    };
  }

  private JsonNode object(String path, int depth) throws IOException {
    var object = Document.NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (key.length() > Document.MAX_KEY) {
        throw fault("has a key of more than " + Document.MAX_KEY + " characters");
      }
      if (object.has(key)) {
        throw fault(Words.quote(key) + " is set twice");
      }
      String child = Document.child(path, key);
      Document.note(lines, child, parser.currentTokenLocation().getLineNr());
      object.set(key, node(parser.nextToken(), child, depth + 1));
    }
    return object;
  }

  private JsonNode array(String path, int depth) throws IOException {
    var array = Document.NODES.arrayNode();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      array.add(node(token, Document.child(path, String.valueOf(array.size())), depth + 1));
    }
    return array;
  }

  private JsonNode number() throws IOException {
    JsonNode number = Document.number(parser.getText());
    if (number == null) {
      throw fault("has a number too large to mean anything");
    }
    return number;
  }

  private ParametersException fault(String problem) {
    JsonLocation at = parser.currentTokenLocation();
    return new ParametersException(
        name, at.getLineNr(), problem + " (column " + at.getColumnNr() + ")");
  }

  /** Jackson's advice about parser features is of no use to the person who wrote the file. */
  private static String firstSentence(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int end = message.indexOf(": maybe");
    end = end < 0 ? message.indexOf(": enable") : end;
    return (end < 0 ? message : message.substring(0, end)).lines().findFirst().orElse("");
  }
}
