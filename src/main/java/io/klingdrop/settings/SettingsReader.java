package io.klingdrop.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns texts into settings and collects every fault. Used once. */
final class SettingsReader {
  private static final Rate KIE_CREATE_LIMIT = new Rate(20, Duration.ofSeconds(10));
  private static final Rate KIE_POLL_LIMIT = new Rate(10, Duration.ofSeconds(1));

  private final Path workingFolder;
  private final Sources sources;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  SettingsReader(
      Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
    this.workingFolder = workingFolder.toAbsolutePath().normalize();
    this.sources = new Sources(this.workingFolder, environment, overrides);
    this.problems.addAll(sources.problems());
  }

  Settings read() {
    var folders =
        new Folders(
            folder("inbox"),
            folder("outbox"),
            folder("failed"),
            folder("duplicates"),
            folder("archive"),
            folder("data"));
    var inbox =
        new Settings.Inbox(
            atLeast("klingdrop.inbox.settle", Duration.ZERO),
            atLeast("klingdrop.inbox.scan-period", Duration.ofMillis(100)),
            atLeast("klingdrop.inbox.pair-window", Duration.ZERO),
            text("klingdrop.profile.default"));
    var poll = poll();
    var settings =
        new Settings(
            workingFolder,
            folders,
            inbox,
            kie(),
            new Settings.Submit(atLeast("klingdrop.submit.give-up", Duration.ofSeconds(1))),
            lane(),
            poll,
            new Settings.Result(
                flag("klingdrop.result.allow-private-hosts"),
                value("klingdrop.result.max-size", Units::size, 1L),
                atLeast("klingdrop.result.stall", Duration.ofMillis(100)),
                atLeast("klingdrop.result.give-up", Duration.ofSeconds(1))),
            new Settings.Deliver(
                targets(), atLeast("klingdrop.deliver.give-up", Duration.ofSeconds(1))),
            database(folders.data()),
            warnings,
            sources.values());
    sources.values().keySet().stream()
        .filter(key -> key.endsWith(".workers"))
        .forEach(key -> count(key, 64));
    sources.values().keySet().stream()
        .filter(key -> key.startsWith("klingdrop.channel."))
        .forEach(key -> oneOf(key, List.of("file")));
    sources.later().forEach(name -> warnings.add(name + " has no effect in this version"));
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  private ProviderSettings kie() {
    var prefix = "klingdrop.provider.kie.";
    var createRate = rate(prefix + "create-rate", KIE_CREATE_LIMIT);
    var pollRate = rate(prefix + "poll-rate", KIE_POLL_LIMIT);
    return new ProviderSettings(
        "kie",
        url(prefix + "base-url"),
        url(prefix + "upload-url"),
        text(prefix + "api-key"),
        createRate,
        pollRate,
        count(prefix + "max-in-flight", 100_000),
        atLeast("klingdrop.submit.timeout", Duration.ofMillis(100)),
        atLeast("klingdrop.poll.timeout", Duration.ofMillis(100)),
        atLeast("klingdrop.upload.timeout", Duration.ofMillis(100)));
  }

  private Rate rate(String key, Rate limit) {
    var rate = value(key, Units::rate, limit);
    if (rate.exceeds(limit)) {
      warnings.add(
          "%s is %s, above the %s that the provider documents: expect refusals"
              .formatted(sources.origin(key), rate, limit));
    }
    return rate;
  }

  private Settings.Lane lane() {
    var min = atLeast("klingdrop.lane.probe-min", Duration.ofMillis(100));
    var max = atLeast("klingdrop.lane.probe-max", Duration.ofMillis(100));
    if (max.compareTo(min) < 0) {
      problems.add("klingdrop.lane.probe-max is shorter than klingdrop.lane.probe-min");
    }
    return new Settings.Lane(min, max);
  }

  private Settings.Poll poll() {
    var shortest = Duration.ofMillis(100);
    var min = atLeast("klingdrop.poll.min", shortest);
    var max = atLeast("klingdrop.poll.max", shortest);
    if (max.compareTo(min) < 0) {
      problems.add("klingdrop.poll.max is shorter than klingdrop.poll.min");
    }
    return new Settings.Poll(
        atLeast("klingdrop.poll.heartbeat", shortest),
        atLeast("klingdrop.poll.first", Duration.ZERO),
        min,
        max,
        atLeast("klingdrop.poll.soft-deadline", Duration.ofSeconds(1)),
        atLeast("klingdrop.poll.slow-period", shortest),
        atLeast("klingdrop.poll.grace", Duration.ZERO),
        atLeast("klingdrop.poll.retention", Duration.ofSeconds(1)));
  }

  private List<String> targets() {
    var key = "klingdrop.deliver.targets";
    var targets = Arrays.stream(text(key).split(",", -1)).map(String::strip).toList();
    if (!targets.equals(List.of("file"))) {
      problems.add("%s: this version knows the target file only".formatted(sources.origin(key)));
    }
    return targets;
  }

  private Settings.Database database(Path data) {
    var url =
        text("klingdrop.db.url")
            .replace("{data}", data.toString())
            .replaceFirst("^jdbc:sqlite:(?!/)", "jdbc:sqlite:" + workingFolder + "/");
    if (!url.startsWith("jdbc:sqlite:") && !url.startsWith("jdbc:postgresql:")) {
      problems.add(
          sources.origin("klingdrop.db.url")
              + ": must begin with jdbc:sqlite: or jdbc:postgresql:");
    }
    return new Settings.Database(url, text("klingdrop.db.user"), text("klingdrop.db.password"));
  }

  private Path folder(String name) {
    var key = "klingdrop." + name + ".dir";
    return value(
        key, text -> real(workingFolder.resolve(notEmpty(text)).normalize()), workingFolder);
  }

  /** Where a link leads; a folder that is not there yet is where its name says. */
  private static Path real(Path folder) {
    try {
      return Files.isDirectory(folder) ? folder.toRealPath() : folder;
    } catch (IOException e) {
      return folder;
    }
  }

  private static String notEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("must not be empty");
    }
    return text;
  }

  private URI url(String key) {
    return value(
        key,
        text -> {
          var uri = URI.create(text.replaceFirst("/+$", ""));
          if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException("'%s' is not an http or https URL".formatted(text));
          }
          if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("must hold no user, password or query");
          }
          return uri;
        },
        URI.create("http://invalid.invalid"));
  }

  private Duration atLeast(String key, Duration least) {
    return value(
        key,
        text -> {
          var duration = Units.duration(text);
          if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                "is %s, at least %s".formatted(text, Units.text(least)));
          }
          return duration;
        },
        least);
  }

  private int count(String key, int most) {
    return value(
        key,
        text -> {
          var number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
          if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                "'%s' is not a whole number from 1 to %d".formatted(text, most));
          }
          return number;
        },
        1);
  }

  private boolean flag(String key) {
    return oneOf(key, List.of("true", "false")).equals("true");
  }

  private String oneOf(String key, List<String> allowed) {
    return value(
        key,
        text -> {
          if (!allowed.contains(text)) {
            throw new IllegalArgumentException(
                "'%s' is not possible here; this version knows: %s"
                    .formatted(text, String.join(", ", allowed)));
          }
          return text;
        },
        allowed.get(0));
  }

  private String text(String key) {
    return sources.values().getOrDefault(key, "");
  }

  private <T> T value(String key, Function<String, T> parse, T ifWrong) {
    try {
      return parse.apply(text(key));
    } catch (InvalidPathException e) {
      problems.add(sources.origin(key) + ": is not a path");
    } catch (IllegalArgumentException e) {
      problems.add(sources.origin(key) + ": " + e.getMessage());
    }
    return ifWrong;
  }
}
