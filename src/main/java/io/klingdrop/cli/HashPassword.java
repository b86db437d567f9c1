package io.klingdrop.cli;

import io.klingdrop.http.Passwords;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hash-password}: what stands in {@code klingdrop.http.password-hash}. */
@Command(
    name = "hash-password",
    description = "Print the hash of a password for klingdrop.http.password-hash.",
    mixinStandardHelpOptions = true)
final class HashPassword implements Callable<Integer> {
  private static final int SHORTEST = 8;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    var password = password();
    if (password.length < SHORTEST) {
      spec.commandLine().getErr().println("A password needs at least " + SHORTEST + " characters.");
      return ExitCode.USAGE;
    }
    spec.commandLine().getOut().println(Passwords.hash(password));
    return ExitCode.FINE;
  }

  /** Typed unseen at a terminal, else the first line of the input. */
  @SuppressWarnings("SystemConsoleNull")
  private static char[] password() throws IOException {
    var console = System.console();
    if (console != null) {
      var typed = console.readPassword("Password: ");
      return typed == null ? new char[0] : typed;
    }
    var line = Here.typed();
    return line == null ? new char[0] : line.toCharArray();
  }
}
