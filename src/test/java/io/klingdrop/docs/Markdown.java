package io.klingdrop.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Markdown file, read far enough to follow its links and to find what stands in back-ticks.
 *
 * @param file relative to the root of the checkout
 * @param text all of it
 */
record Markdown(Path file, String text) {
  private static final Pattern FENCE =
      Pattern.compile("^( {0,3})```.*?^ {0,3}```[ ]*$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *#*$", Pattern.MULTILINE);
  private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
  private static final Pattern TICKS = Pattern.compile("`([^`\n]+)`");
  private static final Set<String> STRANGE = Set.of("target", ".git", "node_modules", "studio");

  /** Every Markdown file of a checkout or of the unpacked zip, in order. */
  static List<Markdown> all(Path root) throws IOException {
    try (var top = Files.list(root)) {
      return top.filter(entry -> !STRANGE.contains(String.valueOf(entry.getFileName())))
          .flatMap(Markdown::below)
          .filter(file -> file.toString().endsWith(".md"))
          .map(root::relativize)
          .sorted()
          .map(file -> read(root, file))
          .toList();
    }
  }

  private static Stream<Path> below(Path entry) {
    try (var files = Files.walk(entry)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Markdown read(Path root, Path file) {
    try {
      return new Markdown(file, Files.readString(root.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a heading of that text is found, as the field's renderers name it. */
  static String slug(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  /** Without its examples. */
  String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  /**
   * Every place in it that a link may name; of headings of one text the second is {@code text-1}.
   */
  Set<String> anchors() {
    var anchors = new TreeSet<String>();
    var seen = new TreeMap<String, Integer>();
    for (var heading : HEADING.matcher(prose()).results().toList()) {
      var slug = slug(heading.group(1));
      var before = seen.merge(slug, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? slug : slug + "-" + before);
    }
    ANCHOR.matcher(prose()).results().forEach(anchor -> anchors.add(anchor.group(1)));
    return anchors;
  }

  /** The addresses of its links and pictures. */
  List<String> links() {
    return LINK.matcher(TICKS.matcher(prose()).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .toList();
  }

  /** What stands in back-ticks, examples apart. */
  Stream<String> ticked() {
    return TICKS.matcher(prose()).results().map(ticks -> ticks.group(1));
  }
}
