package io.klingdrop.docs;

import io.klingdrop.provider.Call;
import io.klingdrop.provider.ErrorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every code that a shipped error table names, with the verdict of the table on it. */
final class CodesTable {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]{5,}");

  /** A rule that takes more numbers than this names none of them. */
  private static final int MANY = 20;

  private CodesTable() {}

  /** The table of such a dialect, as {@code kie}. */
  static String of(String dialect) throws IOException {
    var table = ErrorTable.load(Path.of("config"), dialect);
    var rows =
        new StringBuilder(
            Cells.head("failCode", "at createTask", "asked about a task", "of a failed task"));
    for (var code : codes(dialect)) {
      rows.append(
          Cells.row(
              List.of(
                  "<a id=\"" + anchor(dialect, code) + "\"></a>`" + code + "`",
                  verdict(table, Call.CREATE, code),
                  verdict(table, Call.RECORD, code),
                  verdict(table, Call.TASK, code))));
    }
    return rows.toString();
  }

  /** Where the page tells about a code. */
  static String anchor(String dialect, String code) {
    return dialect + "-" + code;
  }

  /** The codes that the rules of a dialect name, numbers first. */
  static Set<String> codes(String dialect) throws IOException {
    var numbers = new TreeSet<Integer>();
    var words = new TreeSet<String>();
    for (var pattern : patterns(dialect)) {
      var rule = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
      var fitting =
          IntStream.range(100, 10_000)
              .filter(number -> rule.matcher(Integer.toString(number)).matches())
              .boxed()
              .toList();
      if (fitting.size() <= MANY) {
        numbers.addAll(fitting);
      }
      WORD.matcher(pattern).results().forEach(word -> words.add(word.group()));
    }
    var codes = new LinkedHashSet<String>();
    numbers.forEach(number -> codes.add(number.toString()));
    codes.addAll(words);
    return codes;
  }

  private static List<String> patterns(String dialect) throws IOException {
    var text = Files.readString(Path.of("config/errors", dialect + ".yaml"));
    var rules = (List<?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    var patterns = new ArrayList<String>();
    for (var rule : rules) {
      if (((Map<?, ?>) rule).get("code") instanceof String code) {
        patterns.add(code);
      }
    }
    return patterns;
  }

  private static String verdict(ErrorTable table, Call call, String code) {
    return table.meaning(call, code, "", 200).word();
  }
}
