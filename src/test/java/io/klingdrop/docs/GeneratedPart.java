package io.klingdrop.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that is made from the sources: what stands between its two marks.
 *
 * @param file the page
 * @param name the word in the marks
 * @param text what belongs between them, ends in a line feed
 */
record GeneratedPart(Path file, String name, String text) {

  /** What the page holds now. */
  String written() throws IOException {
    var page = Files.readString(file);
    return page.substring(start(page), end(page));
  }

  /** Puts the text in place of what the page holds. */
  void write() throws IOException {
    var page = Files.readString(file);
    Files.writeString(file, page.substring(0, start(page)) + text + page.substring(end(page)));
  }

  private int start(String page) {
    var mark = "<!-- generated: " + name + " -->\n";
    return found(page, mark, 0) + mark.length();
  }

  private int end(String page) {
    return found(page, "<!-- end of " + name + " -->", start(page));
  }

  private int found(String page, String mark, int from) {
    var at = page.indexOf(mark, from);
    if (at < 0) {
      throw new AssertionError(file + " lacks the line " + mark.strip());
    }
    return at;
  }

  @Override
  public String toString() {
    return file + ": " + name;
  }
}
