package io.klingdrop.cli;

import static java.util.stream.Collectors.joining;

import io.klingdrop.intake.InboxPlan;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Text;
import io.klingdrop.job.Units;
import io.klingdrop.settings.Settings;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What lies in the inbox and is no job yet, as {@code why} tells it by its name. */
final class Waiting {
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  private Waiting() {}

  /** A line for each that has this name, with or without profile and folder; empty for none. */
  static Optional<String> of(InboxPlan plan, String name, Settings.Inbox inbox) {
    var halves = plan.waiting().stream().filter(half -> named(half.name(), name));
    var bundles = plan.bundles().stream().filter(bundle -> named(bundle.name(), name));
    var lines =
        Stream.concat(halves.map(half -> half(half, inbox)), bundles.map(Waiting::complete))
            .collect(joining("\n"));
    return lines.isEmpty() ? Optional.empty() : Optional.of(Invocation.in(lines));
  }

  private static boolean named(String path, String name) {
    return path.equals(name) || path.endsWith("/" + name);
  }

  private static String half(InboxPlan.Waiting half, Settings.Inbox inbox) {
    var patience = inbox.settle().plus(inbox.pairWindow());
    return ("%s is no job yet: %s in the inbox since %s, waiting for %s. Put it into the same"
            + " folder under the same name. If it has not come by %s (%s, counted while"
            + " klingdrop runs), what is there goes to failed/unpaired. Nothing was sent,"
            + " nothing is charged.")
        .formatted(
            Text.oneLine(half.name(), 200),
            files(half.files()),
            TIME.format(half.since()),
            half.lack(),
            TIME.format(half.since().plus(patience)),
            Units.text(inbox.pairWindow()) + " after it settled");
  }

  private static String complete(InboxPlan.Planned bundle) {
    var refusal = bundle.refusal();
    return "%s is no job yet: %s in the inbox. A running klingdrop takes what is complete; %s"
        .formatted(
            Text.oneLine(bundle.name(), 200),
            files(bundle.files()),
            refusal == null
                ? "klingdrop plan tells what it costs."
                : "this will be refused: " + refusal);
  }

  private static String files(List<String> names) {
    return Text.oneLine(String.join(", ", names), 200) + (names.size() == 1 ? " is" : " are");
  }
}
