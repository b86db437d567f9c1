package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one source (a sidecar, a {@code _defaults.yaml}, a profile) or of several merged,
 * by parameter name, in the order written. Immutable.
 *
 * <p>Reading says nothing about whether a model knows a name or takes a value; {@link
 * RequestComposer} does.
 */
public record Parameters(Map<String, Setting> settings) {
  /** The largest sidecar or defaults file, in bytes. */
  public static final int MAX_BYTES = SourceText.MAX_BYTES;

  /** A path of a few folders, in messages. */
  private static final int MAX_NAME = 400;

  /** How files begin that editors write with fonts: their control words would be the prompt. */
  private static final Map<String, String> RICH =
      Map.of(
          "{\\rtf", "rich text (RTF)",
          "<!doctype html", "a web page (HTML)",
          "<html", "a web page (HTML)",
          "%pdf-", "a PDF");

  /**
   * One value of a request and where it was written. Immutable: the value is copied in and out.
   *
   * @param value as it was written, numbers with all their digits
   * @param origin {@code file:line}, or whatever else lets a person find the place
   */
  public record Setting(JsonNode value, String origin) {
    public Setting {
      value = value.deepCopy();
    }

    /** A copy of the value, which the caller may change. */
    @Override
    public JsonNode value() {
      return value.deepCopy();
    }
  }

  private static final Parameters NONE = new Parameters(Map.of());

  /** Copies the map, keeping its order. */
  public Parameters {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  public static Parameters none() {
    return NONE;
  }

  public Optional<Setting> get(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  /** Whether that parameter is set to more than an empty text. */
  public boolean names(String name) {
    return get(name)
        .map(Setting::value)
        .filter(value -> !value.isNull() && !value.asText().isBlank())
        .isPresent();
  }

  /**
   * Reads a sidecar or defaults file by the extension of its display name, whatever its case.
   *
   * <p>{@code .txt} is the prompt as a whole, without its last line ends and without a byte order
   * mark; rich text, HTML and PDF under that name are refused. {@code .json} (strict) and {@code
   * .yaml}, {@code .yml} (1.2, without aliases and tags) hold one mapping from parameter to value.
   * All must be UTF-8 and at most 256 KB. A symbolic link is not followed.
   *
   * @param displayName how messages and origins call it, such as its path below the inbox
   * @throws ParametersException if the content is not what it should be
   */
  public static Parameters read(Path file, String displayName) throws IOException {
    String name = Words.clean(displayName, MAX_NAME);
    String text;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      text = SourceText.read(in, name);
    }
    String lower = displayName.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".txt")) {
      refuseRichText(text, name);
      var prompt = Document.NODES.textNode(withoutLastLineEnds(text));
      return new Parameters(Map.of("prompt", new Setting(prompt, name)));
    }
    if (lower.endsWith(".json")) {
      return of(JsonText.parse(text, name));
    }
    if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
      return of(YamlText.parse(text, name));
    }
    throw new ParametersException(name, 0, "is not a sidecar; use .txt, .json or .yaml");
  }

  private static void refuseRichText(String text, String name) throws ParametersException {
    String begin = text.stripLeading().toLowerCase(Locale.ROOT);
    RICH.forEach(
        (start, kind) -> {
          if (begin.startsWith(start)) {
            throw new ParametersException(
                name, 1, "is " + kind + ", not plain text; save it as plain text (.txt, UTF-8)");
          }
        });
  }

  /** One source out of several; a later one wins, parameter by parameter. */
  public static Parameters merge(List<Parameters> lowestFirst) {
    Map<String, Setting> merged = new LinkedHashMap<>();
    lowestFirst.forEach(source -> merged.putAll(source.settings));
    return new Parameters(merged);
  }

  private static Parameters of(Document document) {
    return of(document, document.root(), "", document.name());
  }

  /** The parameters in a mapping that may stand somewhere inside a larger file. */
  static Parameters of(Document document, JsonNode mapping, String path, String name) {
    if (!mapping.isObject()) {
      throw new ParametersException(
          document.name(),
          document.line(path),
          "should hold lines of the form \"parameter: value\", but is "
              + describe(mapping.getNodeType()));
    }
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (var entry : mapping.properties()) {
      int line = document.line(Document.child(path, entry.getKey()));
      settings.put(entry.getKey(), new Setting(entry.getValue(), name + ":" + line));
    }
    return new Parameters(settings);
  }

  private static String describe(JsonNodeType type) {
    return switch (type) {
      case ARRAY -> "a list";
      case STRING -> "one text";
      case NUMBER -> "one number";
      case NULL, MISSING -> "empty";
      case BOOLEAN, BINARY, OBJECT, POJO -> "one value";
    };
  }

  private static String withoutLastLineEnds(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }
}
