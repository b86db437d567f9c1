package io.klingdrop.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Keeps what was skipped, and why, for the last lines of the build: a class that is skipped as a
 * whole counts no test at all in the reports, and the build is green without a word.
 */
public final class SkippedTests implements TestExecutionListener {
  private final Path file;

  /** Keeps them where the last lines of the build read them. */
  public SkippedTests() {
    this(Path.of("target", "skipped-tests.txt"));
  }

  SkippedTests(Path file) {
    this.file = file;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    keep(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      keep(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private void keep(TestIdentifier test, String reason) {
    var line =
        source(test) + test.getDisplayName() + ": " + reason.strip().replaceAll("\\s+", " ") + "\n";
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class of a method, with a point behind it; empty for a class itself. */
  private static String source(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(method -> method.getClassName().replaceAll(".*\\.", "") + ".")
        .orElse("");
  }
}
