package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one model file; {@code config/models/README.md} explains every key. */
record ModelReader(Section top) {
  static final List<String> KEYS =
      Words.list("provider model title source media input fixed unless-given wire price expected");
  static final List<String> SLOT_KEYS =
      Words.list(
          "field shape required instead max types warn-types codecs max-size warn-size "
              + "min-seconds max-seconds warn-min-seconds warn-seconds min-side max-side warn-side "
              + "warn-max-side min-ratio max-ratio warn-min-ratio warn-max-ratio");
  static final List<String> PRICE_KEYS =
      Words.list("credits credits-per-second per by whole-seconds source");

  /**
   * The model in a document, or nothing and a note of every fault.
   *
   * @param problems where faults are noted
   */
  static Optional<Model> read(Document document, List<String> problems) {
    List<String> found = new ArrayList<>();
    Model model = new ModelReader(Section.top(document, found)).model();
    problems.addAll(found);
    return found.isEmpty() ? Optional.of(model) : Optional.empty();
  }

  private Model model() {
    top.allow(KEYS);
    String provider = top.text("provider");
    String id = top.text("model");
    var media = media(id + " at " + provider);
    Section inputSection = top.section("input");
    List<String> fields = media.values().stream().map(MediaSlot::field).toList();
    InputSchema input = new SchemaReader(inputSection, fields).read();
    media.values().stream()
        .flatMap(slot -> slot.instead().stream())
        .filter(name -> !input.names().contains(name))
        .forEach(name -> top.problem("media", "names " + name + ", which is no parameter"));
    return new Model(
        provider,
        id,
        top.text("title"),
        top.text("source"),
        media,
        input,
        fixed(input, fields),
        unlessGiven(input),
        wire(),
        price(input),
        top.duration("expected").orElse(Model.USUALLY));
  }

  private Map<MediaRole, MediaSlot> media(String taker) {
    Section section = top.section("media").allow(MediaRole.keys());
    var slots = new EnumMap<MediaRole, MediaSlot>(MediaRole.class);
    for (MediaRole role : MediaRole.values()) {
      if (section.node().has(role.key())) {
        slots.put(role, slot(role, taker, section.section(role.key()).allow(SLOT_KEYS)));
      }
    }
    return slots;
  }

  private static MediaSlot slot(MediaRole role, String taker, Section s) {
    boolean array = s.oneOf("shape", List.of("single", "array")).equals("array");
    int max = s.count("max").orElse(1);
    if (max > 1 && !array) {
      s.problem("max", "is above 1, which needs \"shape: array\"");
    }
    var hard =
        new Limits(
            s.texts("types"),
            s.size("max-size"),
            s.decimal("min-seconds"),
            s.decimal("max-seconds"),
            s.count("min-side"),
            s.count("max-side"),
            s.ratio("min-ratio"),
            s.ratio("max-ratio"));
    var soft =
        new Limits(
            s.texts("warn-types"),
            s.size("warn-size"),
            s.decimal("warn-min-seconds"),
            s.decimal("warn-seconds"),
            s.count("warn-side"),
            s.count("warn-max-side"),
            s.ratio("warn-min-ratio"),
            s.ratio("warn-max-ratio"));
    return new MediaSlot(
        role,
        taker,
        s.text("field"),
        array ? MediaSlot.Shape.ARRAY : MediaSlot.Shape.SINGLE,
        s.flag("required", false),
        s.maybeText("instead"),
        max,
        s.texts("codecs"),
        hard,
        soft);
  }

  private Map<String, JsonNode> fixed(InputSchema input, List<String> mediaFields) {
    Section section = top.section("fixed");
    Map<String, JsonNode> fixed = new HashMap<>();
    for (var entry : section.node().properties()) {
      String name = entry.getKey();
      if (input.names().contains(name) || mediaFields.contains(name)) {
        section.problem(name, "is also a parameter or media field");
      }
      fixed.put(name, entry.getValue());
    }
    return fixed;
  }

  private Map<String, String> unlessGiven(InputSchema input) {
    Section section = top.section("unless-given");
    Map<String, String> given = new HashMap<>();
    for (var entry : section.node().properties()) {
      String name = entry.getKey();
      boolean text = input.typeOf(name).filter("string"::equals).isPresent();
      if (!text || input.requires(name) || !entry.getValue().isTextual()) {
        section.problem(name, "should give a text to a text parameter that is not required");
      }
      given.put(name, entry.getValue().asText());
    }
    return given;
  }

  private Map<String, String> wire() {
    Section section = top.section("wire");
    Map<String, String> wire = new HashMap<>();
    for (var entry : section.node().properties()) {
      if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
        section.problem(entry.getKey(), "should be one value");
      }
      wire.put(entry.getKey(), entry.getValue().asText());
    }
    return wire;
  }

  private Optional<Price> price(InputSchema input) {
    if (!top.node().has("price")) {
      return Optional.empty();
    }
    Section s = top.section("price").allow(PRICE_KEYS);
    boolean perSecond = s.node().has("credits-per-second");
    JsonNode table = s.node().path(perSecond ? "credits-per-second" : "credits");
    if (perSecond == s.node().has("credits")) {
      s.problem("", "should have either credits or credits-per-second");
    }
    String per = perSecond ? s.text("per") : "";
    if (!perSecond && s.node().has("per")) {
      s.problem("per", "only goes with credits-per-second");
    }
    List<String> by = s.texts("by");
    Map<String, JsonNode> defaults = new HashMap<>();
    List<String> names = new ArrayList<>(by);
    if (!per.isEmpty() && !per.equals("audio")) {
      names.add(per);
    }
    for (String name : names) {
      if (!input.names().contains(name)) {
        s.problem("", "depends on " + name + ", which is not a parameter of the model");
      }
      input.defaultOf(name).ifPresent(value -> defaults.put(name, value));
    }
    if (by.isEmpty() ? !table.isNumber() : !table.isObject()) {
      s.problem(
          perSecond ? "credits-per-second" : "credits",
          by.isEmpty() ? "should be a number" : "should map each value of " + by.get(0));
    }
    var whole =
        switch (s.oneOf("whole-seconds", List.of("exact", "down", "up"))) {
          case "down" -> Price.Whole.DOWN;
          case "up" -> Price.Whole.UP;
          default -> Price.Whole.EXACT;
        };
    return Optional.of(new Price(table, by, per, whole, defaults, s.text("source")));
  }
}
