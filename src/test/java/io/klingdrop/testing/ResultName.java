package io.klingdrop.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which video a path below {@code /result/} names: the task, and its n-th video counted from 1. */
record ResultName(String taskId, int number) {

  private static final Pattern FORM = Pattern.compile("/result/([^/]+)-([1-9][0-9]{0,3})\\.mp4");

  static Optional<ResultName> parse(String path) {
    Matcher matcher = FORM.matcher(path);
    return matcher.matches()
        ? Optional.of(new ResultName(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  String path() {
    return "%s%s-%d.mp4".formatted(Endpoint.RESULT.path(), taskId, number);
  }
}
