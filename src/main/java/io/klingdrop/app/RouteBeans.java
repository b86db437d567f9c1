package io.klingdrop.app;

import static java.util.Map.entry;

import io.klingdrop.camel.JobHeaders;
import io.klingdrop.camel.LeaseReturn;
import io.klingdrop.deliver.Archive;
import io.klingdrop.deliver.Bucket;
import io.klingdrop.deliver.Deliveries;
import io.klingdrop.deliver.Outbox;
import io.klingdrop.failure.Filing;
import io.klingdrop.fetch.Fetches;
import io.klingdrop.health.HealthMonitor;
import io.klingdrop.intake.Admission;
import io.klingdrop.intake.BundleTaker;
import io.klingdrop.intake.Inbox;
import io.klingdrop.ledger.DueQuestion;
import io.klingdrop.outcomes.Channels;
import io.klingdrop.outcomes.OutcomeMessages;
import io.klingdrop.outcomes.Webhook;
import io.klingdrop.poll.Polls;
import io.klingdrop.submit.BucketMedia;
import io.klingdrop.submit.CallbackHandler;
import io.klingdrop.submit.Lookups;
import io.klingdrop.submit.ReadyJobs;
import io.klingdrop.submit.Requests;
import io.klingdrop.submit.Submissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;

/**
 * The beans that steps of a route may call: the program's own, known without a start, and what a
 * person binds by YAML or by {@code camel.beans.} settings.
 */
record RouteBeans(CamelContext context) {
  /** The program's own, by the names it binds them under. */
  static final Map<String, Class<?>> OURS =
      Map.ofEntries(
          entry("admission", Admission.class),
          entry("archive", Archive.class),
          entry("bucket", Bucket.class),
          entry("callbackHandler", CallbackHandler.class),
          entry("channels", Channels.class),
          entry("claims", BundleTaker.class),
          entry("deliveries", Deliveries.class),
          entry("due", DueQuestion.class),
          entry("fetches", Fetches.class),
          entry("filing", Filing.class),
          entry("inbox", Inbox.class),
          entry("jobHeaders", JobHeaders.class),
          entry("leases", LeaseReturn.class),
          entry("lookups", Lookups.class),
          entry("bucketMedia", BucketMedia.class),
          entry("outbox", Outbox.class),
          entry("outcomes", OutcomeMessages.class),
          entry("polls", Polls.class),
          entry("readyJobs", ReadyJobs.class),
          entry("requests", Requests.class),
          entry("submissions", Submissions.class),
          entry("watch", HealthMonitor.class),
          entry("webhook", Webhook.class));

  /** Bound for its endpoint's sake, with methods that are not ours. */
  private static final String CLIENT = "s3Client";

  /** What is wrong with a call; an empty method is found by Camel. Empty: nothing, or not known. */
  Optional<String> problem(String bean, String method) {
    if (bean.isEmpty() || bean.contains("{") || bean.equals(CLIENT)) {
      return Optional.empty();
    }
    var own = context.getRegistry().lookupByName(bean);
    var type = own == null ? OURS.get(bean) : own.getClass();
    if (type == null) {
      return boundAtStart(bean) ? Optional.empty() : Optional.of("there is no bean " + bean);
    }
    var name = method.replaceFirst("\\(.*", "").strip();
    return name.isEmpty()
            || name.contains("{")
            || Arrays.stream(type.getMethods()).anyMatch(one -> one.getName().equals(name))
        ? Optional.empty()
        : Optional.of("the bean %s has no method %s".formatted(bean, name));
  }

  /** Whether Camel may find it only when it starts: by settings, by annotations, by its class. */
  private boolean boundAtStart(String bean) {
    var settings = context.getPropertiesComponent().loadProperties();
    return context.getClassResolver().resolveClass(bean) != null
        || settings.stringPropertyNames().stream()
            .anyMatch(
                key ->
                    key.startsWith("camel.beans." + bean)
                        || key.startsWith("camel.main.basePackageScan")
                        || key.startsWith("camel.main.base-package-scan"));
  }
}
