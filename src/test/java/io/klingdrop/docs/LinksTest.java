package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link of the documents that stays in the project leads somewhere. */
class LinksTest {
  @TempDir private Path folder;

  @Test
  void everyLinkLeadsToAFileAndAPlaceInIt() throws Exception {
    assertThat(Links.of(Path.of("")).broken()).isEmpty();
  }

  @Test
  void linksAreFoundAtAll() throws Exception {
    assertThat(Links.of(Path.of("")).all()).hasSizeGreaterThan(100);
  }

  @Test
  void aMissingFileAMissingPlaceAndAWayOutAreTold() throws Exception {
    Files.createDirectories(folder.resolve("docs"));
    Files.writeString(
        folder.resolve("README.md"),
        """
        # One two
        [good](docs/a.md#there) [own](#one-two) [web](https://example.org/x#y)
        [gone](docs/b.md) ![picture](docs/b.png) [lost](docs/a.md#nowhere) [mine](#nothing)
        `[no](link.md)`
        ```sh
        [nor](this.md)
        ```
        """);
    Files.writeString(folder.resolve("docs/a.md"), "<a id=\"there\"></a> [out](../../x.md)\n");

    assertThat(Links.of(folder).broken())
        .containsExactly(
            "README.md: docs/b.md leads to no file",
            "README.md: docs/b.png leads to no file",
            "README.md: docs/a.md#nowhere leads to no place in its file",
            "README.md: #nothing leads to no place in its file",
            "docs/a.md: ../../x.md leads to no file");
  }

  @Test
  void theSecondOfTwoEqualHeadingsIsCounted() {
    var page =
        new Markdown(Path.of("x.md"), "# What is it?\n\n## What is it?\n\n### `a.b` and c\n");

    assertThat(page.anchors()).containsExactly("ab-and-c", "what-is-it", "what-is-it-1");
  }
}
