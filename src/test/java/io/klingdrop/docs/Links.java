package io.klingdrop.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The links of all Markdown files below a folder that do not lead into the net.
 *
 * @param root the folder
 * @param all every link
 */
public record Links(Path root, List<Link> all) {

  /**
   * One link.
   *
   * @param file where it stands, relative to the root
   * @param address as it stands
   */
  public record Link(Path file, String address) {}

  /** Those of a checkout, or of the unpacked zip. */
  public static Links of(Path root) throws IOException {
    return new Links(root, Markdown.all(root).stream().flatMap(Links::inner).toList());
  }

  private static Stream<Link> inner(Markdown page) {
    return page.links().stream()
        .filter(address -> !address.matches("[a-z]+:.*"))
        .map(address -> new Link(page.file(), address));
  }

  /** What is wrong, one sentence for each link that leads nowhere. */
  public List<String> broken() {
    return all.stream().flatMap(link -> fault(link).stream()).toList();
  }

  private Optional<String> fault(Link link) {
    var cut = link.address().indexOf('#');
    var path = cut < 0 ? link.address() : link.address().substring(0, cut);
    var target = path.isEmpty() ? link.file() : link.file().resolveSibling(path).normalize();
    var said = link.file() + ": " + link.address();
    if (target.startsWith("..") || !Files.exists(root.resolve(target))) {
      return Optional.of(said + " leads to no file");
    }
    return cut < 0 || has(target, link.address().substring(cut + 1))
        ? Optional.empty()
        : Optional.of(said + " leads to no place in its file");
  }

  private boolean has(Path target, String anchor) {
    try {
      var text = Files.readString(root.resolve(target));
      return new Markdown(target, text).anchors().contains(anchor);
    } catch (IOException e) {
      return false;
    }
  }
}
