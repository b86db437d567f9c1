package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Headers;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A class, a route, a step or a setting that a document names is one that a reader finds. */
class NamesInDocumentsTest {
  private static final List<Path> SOURCES =
      List.of(Path.of("src/main/java"), Path.of("src/test/java"), Path.of("src/fuzz/java"));

  /** Words in back-ticks that only look like classes: headers, keys, names of files. */
  private static final Set<String> OTHERS =
      Set.of(
          "Anna.png",
          "Anna.txt",
          "CAmelFileName",
          "CamelHttpUri",
          "CamelRestHttpUri",
          "Del",
          "Enter",
          "Esc",
          "Location",
          "ProducerTemplate",
          "Thumbs.db");

  private static final Pattern STEP =
      Pattern.compile(
          "(heartbeat|intake|submit|poll|fetch|deliver|failure|outcomes|callback)(-[a-z0-9]+)+");

  private static final Pattern ID = Pattern.compile("\\bid: ([a-z0-9-]+)");

  private static final Pattern KEY = Pattern.compile("(klingdrop(?:\\.[a-z0-9-]+)+)(?: = \\S+)?");

  /** Names that begin as settings do: files, and an attribute of spans. */
  private static final Set<String> NO_KEYS =
      Set.of("klingdrop.jar", "klingdrop.db", "klingdrop.job");

  @Test
  void everyClassThatADocumentNamesExists() throws Exception {
    var names = ClassNames.of(SOURCES);
    var known = new HashSet<>(OTHERS);
    for (var header : Headers.class.getFields()) {
      known.add(String.valueOf(header.get(null)));
    }
    var faults = new ArrayList<String>();
    for (var page : Markdown.all(Path.of(""))) {
      page.ticked()
          .filter(word -> !known.contains(word))
          .forEach(
              word -> names.fault(word).ifPresent(why -> faults.add(page.file() + ": " + why)));
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aClassARoomAndAMemberThatAreNotThereAreTold() throws Exception {
    var names = ClassNames.of(SOURCES);

    assertThat(names.fault("poll.Polls.check")).isEmpty();
    assertThat(names.fault("FakeKie")).isEmpty();
    assertThat(names.fault("Retry-After")).isEmpty();
    assertThat(names.fault("PollsOfOld")).contains("there is no class PollsOfOld");
    assertThat(names.fault("submit.Polls")).contains("there is no class Polls in submit");
    assertThat(names.fault("Polls.checkAll()")).contains("Polls has no checkAll");
  }

  @Test
  void everyRouteAndStepThatADocumentNamesExists() throws Exception {
    var known = new HashSet<String>();
    try (var files = Files.list(Path.of("routes"))) {
      for (var file : files.toList()) {
        ID.matcher(Files.readString(file)).results().forEach(id -> known.add(id.group(1)));
      }
    }
    Arrays.stream(FailureClass.values()).map(FailureClass::channel).forEach(known::add);
    known.add("callback-key"); // the end of two settings
    assertThat(of(page -> page.ticked().filter(STEP.asMatchPredicate())))
        .isNotEmpty()
        .allSatisfy(word -> assertThat(known).contains(word));
  }

  @Test
  void everySettingThatADocumentNamesExists() throws Exception {
    var known = new Properties();
    known.load(new StringReader(Files.readString(Path.of("config/application.properties"))));
    var named =
        of(
            page ->
                page.ticked()
                    .map(KEY::matcher)
                    .filter(Matcher::matches)
                    .map(key -> key.group(1))
                    .filter(key -> !NO_KEYS.contains(key)));
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(key -> assertThat(known.stringPropertyNames()).contains(key));
  }

  /** What pages say now; the changelog also names what once was. */
  private static List<String> of(Function<Markdown, Stream<String>> words) throws IOException {
    return Markdown.all(Path.of("")).stream()
        .filter(page -> !page.file().endsWith("CHANGELOG.md"))
        .flatMap(words)
        .distinct()
        .toList();
  }
}
