package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns YAML 1.2 into a {@link Document} event by event, so that nothing is built before it is
 * checked: one document, no anchors, aliases or tags, no key twice, bounded depth.
 *
 * <p>Only what is plainly a number, {@code true}, {@code false} or {@code null} becomes one; {@code
 * yes}, {@code 007}, {@code 0x1F} and {@code .nan} stay text.
 */
final class YamlText {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]*)?([eE][-+]?[0-9]{1,9})?");

  private static final Set<Event.ID> BEFORE =
      Set.of(Event.ID.StreamStart, Event.ID.DocumentStart, Event.ID.Comment);

  private final String name;
  private final Iterator<Event> events;
  private final Map<String, Integer> lines = new HashMap<>();

  private YamlText(String text, String name) {
    this.name = name;
    // snakeyaml-engine 2.10 breaks off where its buffer ends within a character of two code units,
    // so the buffer holds the whole text.
    var settings = LoadSettings.builder().setLabel(name).setBufferSize(text.length() + 1).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** Parses a text; an empty one holds an empty mapping. */
  static Document parse(String text, String name) {
    var yaml = new YamlText(text, name);
    try {
      JsonNode root = Document.NODES.objectNode();
      Event event = yaml.nextAfterStart();
      if (event.getEventId() != Event.ID.StreamEnd) {
        root = yaml.node(event, "", 0);
        yaml.refuseSecondDocument();
      }
      return new Document(name, root, Map.copyOf(yaml.lines));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0);
      throw new ParametersException(
          name,
          line,
          "is not valid YAML: %s (column %d)".formatted(Words.clean(e.getProblem(), 200), column));
    } catch (YamlEngineException e) {
      throw new ParametersException(
          name, lineOfControl(text), "is not valid YAML: it holds a control character");
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // snakeyaml-engine 3.0.1 lets these out where an escape is cut off or names no character
      throw new ParametersException(
          name, 0, "is not valid YAML: an escape (\\x, \\u or \\U) names no character");
    }
  }

  private Event nextAfterStart() {
    Event event = events.next();
    while (BEFORE.contains(event.getEventId())) {
      event = events.next();
    }
    return event;
  }

  private void refuseSecondDocument() {
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        throw fault(event, "holds a second YAML document (---); one is enough");
      }
    }
  }

  private JsonNode node(Event event, String path, int depth) {
    if (depth > Document.MAX_DEPTH) {
      throw fault(event, "is nested deeper than " + Document.MAX_DEPTH + " levels");
    }
    if (event.getEventId() == Event.ID.Alias) {
      throw fault(event, "uses an alias (*); write the value out");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw fault(event, "uses an anchor (&); write the value out, or quote it");
    }
    Document.note(lines, path, line(event));
    if (event instanceof CollectionStartEvent collection) {
      refuseTag(event, collection.getTag().isPresent());
      boolean mapping = event.getEventId() == Event.ID.MappingStart;
      return mapping ? mapping(path, depth) : sequence(path, depth);
    }
    var scalar = (ScalarEvent) event;
    refuseTag(event, scalar.getTag().isPresent());
    return scalar.isPlain() ? plain(scalar) : Document.NODES.textNode(scalar.getValue());
  }

  private JsonNode mapping(String path, int depth) {
    var object = Document.NODES.objectNode();
    for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
      if (!(key instanceof ScalarEvent scalar)) {
        throw fault(key, "has a key that is not plain text");
      }
      refuseTag(key, scalar.getTag().isPresent() || scalar.getAnchor().isPresent());
      String field = scalar.getValue();
      if (field.length() > Document.MAX_KEY) {
        throw fault(key, "has a key of more than " + Document.MAX_KEY + " characters");
      }
      if (object.has(field)) {
        throw fault(key, Words.quote(field) + " is set twice");
      }
      String child = Document.child(path, field);
      Document.note(lines, child, line(key));
      object.set(field, node(events.next(), child, depth + 1));
    }
    return object;
  }

  private JsonNode sequence(String path, int depth) {
    var array = Document.NODES.arrayNode();
    for (Event item = events.next();
        item.getEventId() != Event.ID.SequenceEnd;
        item = events.next()) {
      array.add(node(item, Document.child(path, String.valueOf(array.size())), depth + 1));
    }
    return array;
  }

  private static JsonNode plain(ScalarEvent scalar) {
    String text = scalar.getValue();
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> Document.NODES.nullNode();
      case "true", "True", "TRUE" -> Document.NODES.booleanNode(true);
      case "false", "False", "FALSE" -> Document.NODES.booleanNode(false);
      default -> numberOrText(text);
    };
  }

  private static JsonNode numberOrText(String text) {
    JsonNode number = NUMBER.matcher(text).matches() ? Document.number(text) : null;
    return number != null ? number : Document.NODES.textNode(text);
  }

  private void refuseTag(Event event, boolean tagged) {
    if (tagged) {
      throw fault(event, "uses a tag (!); write the plain value, or quote it");
    }
  }

  private ParametersException fault(Event event, String problem) {
    return new ParametersException(name, line(event), problem);
  }

  private static int lineOfControl(String text) {
    int control = 0;
    while (control < text.length() && !Words.isControl(text.charAt(control))) {
      control++;
    }
    return control == text.length()
        ? 0
        : 1 + (int) text.substring(0, control).chars().filter(c -> c == '\n').count();
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
