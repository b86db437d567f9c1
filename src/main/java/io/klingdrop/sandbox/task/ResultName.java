package io.klingdrop.sandbox.task;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Which video a path names: the task, and its n-th video counted from 1. */
public record ResultName(String taskId, int number) {
  /** What stands before the file name in every address of a result. */
  public static final String PREFIX = "/result/";

  private static final Pattern FORM = Pattern.compile(PREFIX + "([^/]+)-([1-9][0-9]{0,3})\\.mp4");

  public static Optional<ResultName> parse(String path) {
    var name = FORM.matcher(path);
    return name.matches()
        ? Optional.of(new ResultName(name.group(1), Integer.parseInt(name.group(2))))
        : Optional.empty();
  }

  /** The addresses of a task's first videos, which begin with the base. */
  public static List<String> addresses(URI base, String taskId, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> base + new ResultName(taskId, number).path())
        .toList();
  }

  public String path() {
    return PREFIX + taskId + "-" + number + ".mp4";
  }
}
