package io.klingdrop.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sandbox}. */
@Command(name = "sandbox", mixinStandardHelpOptions = true)
final class Sandbox implements Callable<Integer> {
  @Override
  public Integer call() {
    return Cli.USAGE;
  }
}
