package io.klingdrop.app;

import io.klingdrop.process.Tracing;
import io.klingdrop.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;

/** What Camel is told before it starts: where routes and settings come from, and its own clock. */
final class CamelSetup {
  /** The route files, in the order of a job's way. */
  private static final List<String> STAGES =
      List.of(
          "heartbeat",
          "intake",
          "submit",
          "poll",
          "fetch",
          "deliver",
          "failure",
          "outcomes",
          "callback");

  /** Those that folders lack which were written out by an older version. */
  private static final List<String> ADDED_LATER =
      List.of("outcomes", "heartbeat", "callback", "fetch");

  private CamelSetup() {}

  static void prepare(Main camel, Settings settings) {
    camel.bind("quartz", quartz());
    camel.setPropertyPlaceholderLocations(properties(settings));
    camel.setOverrideProperties(placeholders(settings));
    camel
        .configure()
        .withName("klingdrop")
        .withRoutesIncludePattern(routes(settings))
        .withAutoConfigurationLogSummary(false)
        .withStartupRecorder("off")
        .withShutdownTimeout(60)
        .withShutdownLogInflightExchangesOnTimeout(false)
        .withStreamCachingEnabled(false)
        .withUseBreadcrumb(false)
        .withJmxEnabled(false);
  }

  /** Where Camel reads the settings that are no klingdrop's. */
  static String properties(Settings settings) {
    var file = settings.workingFolder().resolve("config/application.properties");
    return Files.exists(file) ? "file:" + file : "classpath:config/application.properties";
  }

  /** The folder of a person's own routes, which need not be there. */
  static Path routesFolder(Settings settings) {
    return settings.workingFolder().resolve("routes");
  }

  private static String routes(Settings settings) {
    var folder = routesFolder(settings);
    if (!Files.isDirectory(folder)) {
      return STAGES.stream().map(CamelSetup::shipped).collect(Collectors.joining(","));
    }
    return ADDED_LATER.stream()
        .filter(stage -> !Files.exists(folder.resolve(stage + ".camel.yaml")))
        .map(stage -> "," + shipped(stage))
        .collect(Collectors.joining("", "file:" + folder + "/*.camel.yaml", ""));
  }

  private static String shipped(String stage) {
    return "classpath:routes/" + stage + ".camel.yaml";
  }

  private static QuartzComponent quartz() {
    var quartz = new QuartzComponent();
    var properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "klingdrop");
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    quartz.setProperties(properties);
    return quartz;
  }

  /** Every setting routes may name, folders as they are; no secrets. */
  static Properties placeholders(Settings settings) {
    var properties = new Properties();
    properties.putAll(settings.values());
    properties.keySet().removeIf(key -> isSecret((String) key));
    properties.setProperty("klingdrop.inbox.dir", settings.folders().inbox().toString());
    properties.setProperty("klingdrop.outbox.dir", settings.folders().outbox().toString());
    if (settings.tracing().on()) {
      Tracing.on(settings.tracing(), properties);
    }
    properties.setProperty(
        "klingdrop.poll.heartbeat-millis", Long.toString(settings.poll().heartbeat().toMillis()));
    return properties;
  }

  /** Keys, passwords, and addresses that may hold one. */
  private static boolean isSecret(String key) {
    return key.endsWith("-key")
        || key.endsWith("password")
        || key.endsWith("-hash")
        || key.endsWith("secret")
        || key.startsWith("klingdrop.proxy.");
  }
}
