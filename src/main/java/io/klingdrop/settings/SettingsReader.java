package io.klingdrop.settings;

import static io.klingdrop.settings.TypedValues.sound;

import io.klingdrop.job.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads the settings of a working folder: turns texts into values and collects every fault. */
public final class SettingsReader {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Path workingFolder;
  private final TypedValues values;

  private SettingsReader(
      Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
    this.workingFolder = workingFolder.toAbsolutePath().normalize();
    this.values = new TypedValues(new Sources(this.workingFolder, environment, overrides));
  }

  /**
   * Reads the configuration of a working folder.
   *
   * @param environment usually {@code System.getenv()}
   * @param overrides keys that win over everything, such as the sandbox's
   * @throws SettingsException with all faults at once
   */
  public static Settings load(
      Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
    return new SettingsReader(workingFolder, environment, overrides).read();
  }

  private Settings read() {
    var data = folder("data");
    var folders =
        new Folders(
            folder("inbox"),
            folder("outbox"),
            folder("failed"),
            folder("duplicates"),
            folder("archive"),
            folder("work", data),
            data);
    var inbox =
        new Settings.Inbox(
            values.atLeast("klingdrop.inbox.settle", Duration.ZERO),
            values.atLeast("klingdrop.inbox.scan-period", SHORTEST),
            values.atLeast("klingdrop.inbox.pair-window", Duration.ZERO),
            values.text("klingdrop.profile.default"));
    var poll = poll();
    var s3 = new S3Reader(values).read();
    var settings =
        new Settings(
            workingFolder,
            folders,
            inbox,
            new ProviderReader(values).all(),
            media(s3),
            new Settings.Submit(
                values.atLeast("klingdrop.submit.give-up", SECOND),
                values.value("klingdrop.submit.min-free", Units::size, 0L)),
            new Settings.Budget(
                values.amount("klingdrop.budget.credits-per-day"),
                values
                    .oneOf("klingdrop.budget.unknown-price", List.of("hold", "allow"))
                    .equals("allow")),
            lane(),
            poll,
            new Settings.Result(
                values.flag("klingdrop.result.allow-private-hosts"),
                values.value("klingdrop.result.max-size", Units::size, 1L),
                values.atLeast("klingdrop.result.stall", SHORTEST),
                values.atLeast("klingdrop.result.give-up", SECOND)),
            new Settings.Deliver(targets(s3), values.atLeast("klingdrop.deliver.give-up", SECOND)),
            s3,
            new OutcomesReader(values).read(),
            database(folders.data()),
            new Settings.Node(
                values.value("klingdrop.node.name", SettingsReader::nodeName, ""),
                values.atLeast("klingdrop.node.lease", Duration.ofSeconds(3))),
            http(),
            callback(),
            new ProxyReader(values).read(),
            values.oneOf("klingdrop.log.format", List.of("text", "json")).equals("json"),
            new TracingSettings(values.maybeUrl("klingdrop.tracing.endpoint")),
            values.warnings(),
            values.sources().values());
    values.keys().stream()
        .filter(key -> key.endsWith(".workers"))
        .forEach(key -> values.count(key, 64));
    if (values.origin("klingdrop.trusted-owners").endsWith("application.properties")
        && !values.text("klingdrop.trusted-owners").isEmpty()) {
      values.problem(
          "klingdrop.trusted-owners counts in the environment only, as"
              + " KLINGDROP_TRUSTED_OWNERS: a file cannot vouch for itself");
    }
    if (!values.problems().isEmpty()) {
      throw new SettingsException(values.problems(), settings.jsonLog());
    }
    return settings;
  }

  private Settings.Media media(S3Settings s3) {
    var key = "klingdrop.media.url-prefix";
    var prefix = values.maybeUrl(key);
    var byS3 = values.oneOf("klingdrop.media.publish", List.of("upload", "s3")).equals("s3");
    if (byS3 && !s3.usable()) {
      values.problem("klingdrop.media.publish is s3: set klingdrop.s3.bucket, too");
    }
    if (byS3 && !prefix.isEmpty()) {
      values.problem(key + " and klingdrop.media.publish = s3 exclude each other");
    }
    var only = "klingdrop.media.publish-for";
    var ttl = values.atLeast("klingdrop.media.ttl", Duration.ofHours(3));
    if (ttl.compareTo(Duration.ofDays(7)) > 0) {
      values.problem("klingdrop.media.ttl is above 7d, the longest S3 allows");
    }
    return new Settings.Media(
        prefix,
        byS3,
        values.text(only).isEmpty() ? List.of() : list(only, ProviderReader.NAMES),
        ttl,
        values.atLeast("klingdrop.media.sweep", SHORTEST));
  }

  private Settings.Lane lane() {
    var min = values.atLeast("klingdrop.lane.probe-min", SHORTEST);
    return new Settings.Lane(min, notShorter("klingdrop.lane.probe-max", min));
  }

  private Settings.Poll poll() {
    var min = values.atLeast("klingdrop.poll.min", SHORTEST);
    var max = notShorter("klingdrop.poll.max", min);
    return new Settings.Poll(
        values.atLeast("klingdrop.poll.heartbeat", SHORTEST),
        values.atLeast("klingdrop.poll.first", Duration.ZERO),
        min,
        max,
        values.atLeast("klingdrop.poll.soft-deadline", SECOND),
        values.atLeast("klingdrop.poll.slow-period", SHORTEST),
        values.atLeast("klingdrop.poll.grace", Duration.ZERO),
        values.atLeast("klingdrop.poll.retention", SECOND));
  }

  /** The upper end of two durations whose keys end in {@code min} and {@code max}. */
  private Duration notShorter(String maxKey, Duration min) {
    var max = values.atLeast(maxKey, SHORTEST);
    if (max.compareTo(min) < 0) {
      values.problem(maxKey + " is shorter than " + maxKey.replaceFirst("max$", "min"));
    }
    return max;
  }

  private List<String> targets(S3Settings s3) {
    var key = "klingdrop.deliver.targets";
    var targets = list(key, Settings.Deliver.TARGETS);
    if (targets.contains("s3") && !s3.usable()) {
      values.problem("%s names s3: set klingdrop.s3.bucket, too".formatted(values.origin(key)));
    }
    return targets;
  }

  /** Some of these words, each once, with a comma between. */
  private List<String> list(String key, List<String> allowed) {
    var words = Arrays.stream(values.text(key).split(",", -1)).map(String::strip).toList();
    for (var word : words) {
      if (!allowed.contains(word)) {
        values.problem(
            "%s: '%s' is not possible here; this version knows: %s"
                .formatted(values.origin(key), word, String.join(", ", allowed)));
      }
    }
    if (words.stream().distinct().count() < words.size()) {
      values.problem(values.origin(key) + ": names one of them twice");
    }
    return words;
  }

  private Settings.Http http() {
    var http =
        new Settings.Http(
            values.value("klingdrop.http.port", SettingsReader::port, 0),
            values.value("klingdrop.http.host", SettingsReader::notEmpty, "127.0.0.1"),
            values.text("klingdrop.http.user"),
            values.text("klingdrop.http.password-hash"));
    if (http.user().isEmpty() != http.passwordHash().isEmpty()) {
      values.problem("klingdrop.http.user and klingdrop.http.password-hash only work together");
    } else if (http.on() && !http.loopback() && !http.login()) {
      values.problem(
          "%s is %s, which others can reach: set klingdrop.http.user and"
                  .formatted(values.origin("klingdrop.http.host"), http.host())
              + " klingdrop.http.password-hash (klingdrop hash-password prints one), or"
              + " klingdrop.http.host = 127.0.0.1");
    }
    if (http.login()) {
      values.value("klingdrop.http.password-hash", SettingsReader::hash, "");
    }
    return http;
  }

  private static String hash(String text) {
    var fine = text.matches("pbkdf2-sha256:\\d{4,8}:[A-Za-z0-9+/=]{16,}:[A-Za-z0-9+/=]{40,}");
    return sound(text, fine, "is no password hash; klingdrop hash-password prints one");
  }

  private static int port(String text) {
    var port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    return sound(
        port, port >= 0 && port <= 65_535, "'%s' is not a port; 0 means none".formatted(text));
  }

  private Settings.Callback callback() {
    var key = "klingdrop.callback.public-url";
    var portKey = "klingdrop.callback.port";
    var port = values.value(portKey, SettingsReader::port, 0);
    var host = values.value("klingdrop.callback.host", SettingsReader::notEmpty, "127.0.0.1");
    if (port > 0 && values.text("klingdrop.http.port").equals(Integer.toString(port))) {
      values.problem(
          values.origin(portKey)
              + ": is the HTTP port; choose another one, or 0 to have callbacks come in there");
    }
    if (values.text(key).isEmpty()) {
      if (port > 0) {
        values.warnings().add(portKey + " is of no use without " + key);
      }
      return new Settings.Callback("", port, host);
    }
    if (values.text("klingdrop.http.port").equals("0")) {
      values.problem(values.origin(key) + ": callbacks need a port, klingdrop.http.port is 0");
    }
    return new Settings.Callback(values.url(key).toString(), port, host);
  }

  private Settings.Database database(Path data) {
    var url =
        values
            .text("klingdrop.db.url")
            .replace("{data}", data.toString())
            .replaceFirst("^jdbc:sqlite:(?!/)", "jdbc:sqlite:" + workingFolder + "/");
    if (!url.startsWith("jdbc:sqlite:") && !url.startsWith("jdbc:postgresql:")) {
      values.problem(
          values.origin("klingdrop.db.url") + ": must begin with jdbc:sqlite: or jdbc:postgresql:");
    }
    return new Settings.Database(
        url,
        values.text("klingdrop.db.user"),
        values.text("klingdrop.db.password"),
        values.oneOf("klingdrop.db.migrate", List.of("auto", "off")).equals("auto"));
  }

  private Path folder(String name) {
    return folder(name, workingFolder);
  }

  /** The folder of that name; {@code {data}} in it is the data folder. */
  private Path folder(String name, Path data) {
    return values.value(
        "klingdrop." + name + ".dir",
        text -> {
          var path = notEmpty(text).replace("{data}", data.toString());
          return real(workingFolder.resolve(path).normalize());
        },
        workingFolder);
  }

  /** Where a link leads; a folder that is not there yet is where its name says. */
  private static Path real(Path folder) {
    try {
      return Files.isDirectory(folder) ? folder.toRealPath() : folder;
    } catch (IOException e) {
      return folder;
    }
  }

  private static String nodeName(String text) {
    return sound(
        text,
        text.matches("[A-Za-z0-9._-]{0,60}"),
        "'%s' is no name for a node: letters, digits, dot, dash and underscore".formatted(text));
  }

  private static String notEmpty(String text) {
    return sound(text, !text.isEmpty(), "must not be empty");
  }
}
