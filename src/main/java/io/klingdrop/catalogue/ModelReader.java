package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

  /** The model in a document, or nothing and a note of every fault. */
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
            new Limits.Range(s.decimal("min-seconds"), s.decimal("max-seconds")),
            sides(s, "min-side", "max-side"),
            new Limits.Range(s.ratio("min-ratio"), s.ratio("max-ratio")));
    var soft =
        new Limits(
            s.texts("warn-types"),
            s.size("warn-size"),
            new Limits.Range(s.decimal("warn-min-seconds"), s.decimal("warn-seconds")),
            sides(s, "warn-side", "warn-max-side"),
            new Limits.Range(s.ratio("warn-min-ratio"), s.ratio("warn-max-ratio")));
    return new MediaSlot(
        role,
        taker,
        s.text("field"),
        array,
        s.flag("required"),
        s.maybeText("instead"),
        max,
        s.texts("codecs"),
        hard,
        soft);
  }

  private static Limits.Range sides(Section s, String least, String most) {
    return new Limits.Range(
        s.count(least).map(BigDecimal::valueOf), s.count(most).map(BigDecimal::valueOf));
  }

  private Map<String, JsonNode> fixed(InputSchema input, List<String> mediaFields) {
    return top.section("fixed")
        .entries(
            (name, value) -> !input.names().contains(name) && !mediaFields.contains(name),
            "is also a parameter or media field",
            Function.identity());
  }

  private Map<String, String> unlessGiven(InputSchema input) {
    return top.section("unless-given")
        .entries(
            (name, value) ->
                input.typeOf(name).filter("string"::equals).isPresent()
                    && !input.requires(name)
                    && value.isTextual(),
            "should give a text to a text parameter that is not required",
            JsonNode::asText);
  }

  private Map<String, String> wire() {
    return top.section("wire")
        .entries(
            (name, value) -> value.isValueNode() && !value.isNull(),
            "should be one value",
            JsonNode::asText);
  }

  private Optional<Price> price(InputSchema input) {
    if (!top.node().has("price")) {
      return Optional.empty();
    }
    Section s = top.section("price").allow(PRICE_KEYS);
    boolean perSecond = s.node().has("credits-per-second");
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
    String credits = perSecond ? "credits-per-second" : "credits";
    JsonNode table = s.node().path(credits);
    if (by.isEmpty() && !table.isNumber()) {
      s.problem(credits, "should be a number");
    } else if (!by.isEmpty() && !table.isObject()) {
      s.problem(credits, "should map each value of " + by.get(0));
    }
    String whole = s.oneOf("whole-seconds", List.of("exact", "down", "up"));
    return Optional.of(
        new Price(
            table,
            by,
            per,
            Price.Whole.valueOf(whole.toUpperCase(Locale.ROOT)),
            defaults,
            s.text("source")));
  }
}
