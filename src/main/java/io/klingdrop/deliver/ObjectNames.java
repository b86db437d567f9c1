package io.klingdrop.deliver;

import io.klingdrop.files.Names;
import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Text;
import io.klingdrop.settings.S3Settings;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a job's objects: the template of the settings with every token made safe. No key ever
 * holds {@code $}: Camel would read what follows as an expression.
 */
record ObjectNames(S3Settings settings) {
  /** The longest key S3 takes, in bytes of UTF-8. */
  private static final int MOST_BYTES = 1024;

  /** Room for {@code ~99-9.webm} and the like behind the template. */
  private static final int TAIL = 24;

  /**
   * What the keys of this job share.
   *
   * @param n 1 for the name itself, 2 for {@code name~2} and so on
   */
  String stem(Job job, int n) {
    var path = job.subPath().isEmpty() ? "" : Names.safePath(job.subPath()) + "/";
    var before = settings.key().replaceFirst("\\{(name|job)}$", "");
    var folder =
        filled(before, job)
            .replace("{path}", safe(path))
            .replace("{name}", safe(Names.safe(job.name())));
    var last = settings.key().endsWith("{job}") ? job.id() : safe(Names.safe(job.name()));
    var mark = n == 1 ? "" : "~" + n;
    while (bytes(folder + last) > MOST_BYTES - TAIL && last.codePointCount(0, last.length()) > 1) {
      last = last.substring(0, last.offsetByCodePoints(last.length(), -1));
    }
    return (folder + last + mark).replaceFirst("^/+", "");
  }

  private String filled(String template, Job job) {
    var date = job.times().created().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    return template
        .replace("{prefix}", settings.prefix())
        .replace("{date}", date)
        .replace("{job}", job.id())
        .replace("{provider}", word(job.provider()))
        .replace("{model}", word(job.model()))
        .replace("{task}", word(String.valueOf(job.taskId())))
        .replace("{profile}", word(job.profile()));
  }

  private static String word(String text) {
    return safe(Names.safe(text));
  }

  /** Braces would be taken for a token, or with a dollar for an expression. */
  private static String safe(String text) {
    return Text.oneLine(text, MOST_BYTES).replace('$', '_').replace('{', '(').replace('}', ')');
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static String note(String stem) {
    return stem + ".json";
  }

  static String key(String stem, ResultFile result) {
    return stem + (result.number() == 1 ? "" : "-" + result.number()) + result.extension();
  }

  /** All keys of a job: the second film of one may have the name of another job's first. */
  static List<String> all(Job job, String stem) {
    var names = new ArrayList<>(List.of(note(stem)));
    job.results().forEach(result -> names.add(key(stem, result)));
    return names;
  }
}
