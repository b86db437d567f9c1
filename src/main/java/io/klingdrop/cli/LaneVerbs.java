package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.redrive.Pauses;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verbs that stop and start what is sent to a provider; a running service obeys at once. */
final class LaneVerbs {

  private LaneVerbs() {}

  @Command(
      name = "pause",
      description = {
        "Create no more tasks at a provider until resume; jobs wait (free).",
        "Tasks that run are followed and delivered."
      },
      mixinStandardHelpOptions = true)
  static final class Pause implements Callable<Integer> {
    @Mixin private Account account = new Account();

    @Override
    public Integer call() {
      return account.change(Pauses::pause);
    }
  }

  @Command(
      name = "resume",
      description = "Let jobs go to a paused provider again; they are paid as usual.",
      mixinStandardHelpOptions = true)
  static final class Resume implements Callable<Integer> {
    @Mixin private Account account = new Account();

    @Override
    public Integer call() {
      return account.change(Pauses::resume);
    }
  }

  /** The provider that is meant. */
  static final class Account {
    @Parameters(paramLabel = "PROVIDER", description = "the provider's name, such as kie")
    private String provider = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    int change(BiFunction<Pauses, String, String> verb) {
      var settings = Here.settings();
      return Here.withDatabase(
          settings,
          database -> {
            var pauses = new Pauses(settings, new LaneRows(database), InstantSource.system());
            var objection = pauses.objection(provider);
            if (objection.isPresent()) {
              spec.commandLine().getErr().println(objection.get());
              return ExitCode.USAGE;
            }
            spec.commandLine().getOut().println(Invocation.in(verb.apply(pauses, provider)));
            return ExitCode.FINE;
          });
    }
  }
}
