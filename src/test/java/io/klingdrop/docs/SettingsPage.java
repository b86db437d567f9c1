package io.klingdrop.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The settings file as tables: a section for each of its parts, and a row for each comment with the
 * keys that follow it. Used once.
 */
final class SettingsPage {
  private static final Pattern PART = Pattern.compile("# -{4} (.+?) -{4,}");

  private final StringBuilder contents = new StringBuilder();
  private final StringBuilder sections = new StringBuilder();
  private final List<String> comment = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final List<String> defaults = new ArrayList<>();
  private final List<String> unexplained = new ArrayList<>();

  /** The page's part that is made from the text of such a file. */
  static String of(String properties) {
    var page = new SettingsPage();
    page.read(properties);
    return page.contents + "" + page.sections;
  }

  /** Keys that no comment explains. */
  static List<String> unexplained(String properties) {
    var page = new SettingsPage();
    page.read(properties);
    return page.unexplained;
  }

  private void read(String properties) {
    var parts = false;
    for (var line : properties.lines().toList()) {
      var part = PART.matcher(line);
      if (part.matches()) {
        finish();
        section(part.group(1));
        parts = true;
      } else if (!parts) {
        continue; // how to set them is told by the page
      } else if (line.startsWith("#")) {
        if (!keys.isEmpty()) {
          finish();
        }
        comment.add(line.substring(1).strip());
      } else if (line.isBlank()) {
        finish();
      } else {
        var cut = line.indexOf('=');
        keys.add(line.substring(0, cut).strip());
        defaults.add(line.substring(cut + 1).strip());
      }
    }
    finish();
  }

  private void section(String title) {
    var cut = title.indexOf(':');
    var name = cut < 0 ? title : title.substring(0, cut);
    var heading =
        name.contains(".")
            ? name
            : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    contents.append("- [%s](#%s)\n".formatted(heading, Markdown.slug(heading)));
    sections.append("\n## ").append(heading).append("\n\n");
    if (cut >= 0) {
      sections.append(Cells.sentence(Cells.words(title.substring(cut + 1).strip()))).append("\n\n");
    }
    sections.append(Cells.head("key", "default", "meaning"));
  }

  private void finish() {
    if (keys.isEmpty()) {
      return;
    }
    if (comment.isEmpty()) {
      unexplained.addAll(keys);
    }
    sections.append(
        Cells.row(
            List.of(
                String.join("<br>", keys.stream().map(Cells::code).toList()),
                same()
                    ? Cells.code(defaults.get(0))
                    : String.join("<br>", defaults.stream().map(Cells::code).toList()),
                Cells.words(String.join(" ", comment)))));
    comment.clear();
    keys.clear();
    defaults.clear();
  }

  private boolean same() {
    return defaults.stream().distinct().count() == 1;
  }
}
