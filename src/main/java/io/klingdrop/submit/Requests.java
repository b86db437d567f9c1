package io.klingdrop.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.MediaRole;
import io.klingdrop.catalogue.Model;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.Uploads;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.s3.StoreException;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a composed input into a request the provider can act on: the media are made reachable, for
 * free, and their addresses put where the model wants them. Thread-safe.
 */
public final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  /** An address must outlive the longest wait between upload and the provider's reading it. */
  private static final Duration MUST_LIVE = Duration.ofHours(2);

  private final Catalogue catalogue;
  private final Providers providers;
  private final Uploads uploads;
  private final Ledger ledger;
  private final JobClaims claims;
  private final Lanes lanes;
  private final Callbacks callbacks;
  private final Settings settings;
  private final InstantSource clock;
  private final ObjectMapper mapper;
  private final BucketMedia bucketMedia;

  /** Requests to these accounts for models of this catalogue. */
  public Requests(
      Catalogue catalogue,
      Providers providers,
      Uploads uploads,
      Ledger ledger,
      JobClaims claims,
      Lanes lanes,
      Callbacks callbacks,
      Settings settings,
      InstantSource clock,
      ObjectMapper mapper,
      BucketMedia bucketMedia) {
    this.catalogue = catalogue;
    this.providers = providers;
    this.uploads = uploads;
    this.ledger = ledger;
    this.claims = claims;
    this.lanes = lanes;
    this.callbacks = callbacks;
    this.settings = settings;
    this.clock = clock;
    this.mapper = mapper;
    this.bucketMedia = bucketMedia;
  }

  /**
   * Uploads what the provider does not have yet.
   *
   * @return the job if its media can be reached, null if it was put off or failed
   */
  public @Nullable Job makeReachable(Job job) throws IOException {
    var home = Path.of(String.valueOf(job.home()));
    for (var file : media(job)) {
      if (!servedFromHere(job)
          && uploads.find(job.id(), file.name(), clock.instant().plus(MUST_LIVE)).isPresent()) {
        continue;
      }
      if (changed(file, home)) {
        ledger.failed(job, changed(file));
        return null;
      }
      try {
        CrashPoint.at("submit.before-upload");
        var uploaded = reachable(job, media(file, home));
        CrashPoint.at("submit.uploaded");
        if (uploaded.isPresent()) {
          uploads.keep(job.id(), file.name(), uploaded.get().url(), uploaded.get().expires());
        }
        CrashPoint.at("submit.upload-kept");
      } catch (ProviderException e) {
        return putOff(job, file, e.refusal());
      } catch (StoreException e) {
        return putOff(job, file, Refusal.of(Meaning.BUSY, String.valueOf(e.getMessage())));
      } catch (MediaException e) {
        ledger.failed(job, changed(file));
        return null;
      }
    }
    return job;
  }

  /**
   * The bytes are read once more: a file of a job that is submitted again lies where people can
   * write to it.
   */
  private static boolean changed(BundleFile file, Path home) throws IOException {
    var path = PlainNames.find(home, file.name());
    return !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.size(path) != file.bytes()
        || !Hashes.sha256(path).equals(file.sha256());
  }

  private static Failure changed(BundleFile file) {
    return Failure.of(
        FailureClass.INVALID,
        file.name()
            + " changed since it was checked; nothing was sent. Drop the files again as they are to"
            + " be");
  }

  /** Why a request with files inside must not be sent: one of them is not what was checked. */
  Optional<Failure> changed(Job job, TaskRequest request) throws IOException {
    for (var file : media(job)) {
      var home = Path.of(String.valueOf(job.home()));
      var path = PlainNames.find(home, file.name());
      if (request.embedded().containsValue(path) && changed(file, home)) {
        return Optional.of(changed(file));
      }
    }
    return Optional.empty();
  }

  /** Whether the provider reads the files where they lie now, and not a copy. */
  private boolean servedFromHere(Job job) {
    return !settings.media().byS3(job.provider()) && !settings.media().urlPrefix().isEmpty();
  }

  /** Where the provider can read a file; empty if it takes it inside the request. */
  private Optional<Uploaded> reachable(Job job, Media media) throws ProviderException {
    if (settings.media().byS3(job.provider())) {
      return Optional.of(bucketMedia.publish(job, media));
    }
    return !servedFromHere(job)
        ? providers.account(job.provider()).gateway().upload(media)
        : Optional.of(PublicMedia.of(settings, media.file(), clock.instant()));
  }

  private static Media media(BundleFile file, Path home) throws IOException, MediaException {
    var path = PlainNames.find(home, file.name());
    if (file.role() == Role.IMAGE) {
      var facts = MediaProbe.image(path);
      return media(file, path, facts.mimeType(), facts.extension());
    }
    var facts = MediaProbe.audio(path);
    return media(file, path, facts.mimeType(), facts.extension());
  }

  private static Media media(BundleFile file, Path path, String mimeType, String extension) {
    return new Media(path, mimeType, dotted(extension), file.sha256(), file.bytes());
  }

  private static String dotted(String extension) {
    return extension.startsWith(".") ? extension : "." + extension;
  }

  private @Nullable Job putOff(Job job, BundleFile file, Refusal refusal) {
    var reason = "the upload of " + file.name() + " was refused: " + refusal.said();
    if (refusal.meaning().closesLane()) {
      var probeAt = lanes.close(job.provider(), "", refusal);
      claims.released(job, probeAt);
      return null;
    }
    var since = job.progress().troubleSince();
    var over = since != null && !clock.instant().isBefore(since.plus(settings.submit().giveUp()));
    switch (refusal.meaning()) {
      case INVALID -> ledger.failed(job, failure(FailureClass.INVALID, reason, refusal));
      case REJECTED -> ledger.failed(job, failure(FailureClass.REJECTED, reason, refusal));
      default -> {
        if (over) {
          ledger.failed(job, failure(FailureClass.PROVIDER, reason, refusal));
        } else {
          if (!settings.media().byS3(job.provider())) {
            LOG.warn("{}: {}. It is free and is tried again.", job.label(), reason);
          }
          ledger.tryAgain(job, reason, clock.instant().plus(Backoff.after(job.progress().tries())));
          CrashPoint.at("submit.upload-refused-committed");
        }
      }
    }
    return null;
  }

  private static Failure failure(FailureClass failureClass, String reason, Refusal refusal) {
    return new Failure(failureClass, refusal.code(), reason, refusal.httpStatus(), Charged.NO);
  }

  /**
   * The request as it is sent: the input with every media address filled in, and the files that
   * travel inside it, and the address to call back at.
   */
  TaskRequest complete(Job job) {
    var model =
        catalogue
            .model(job.provider(), job.model())
            .orElseThrow(
                () ->
                    new IllegalStateException("the model " + job.model() + " left config/models"));
    try {
      if (!(mapper.readTree(job.composedRequest()) instanceof ObjectNode input)) {
        throw new IllegalStateException("the stored request is not an object");
      }
      var embedded = new HashMap<String, Path>();
      fill(model, input, embedded, job, MediaRole.IMAGE, Role.IMAGE);
      fill(model, input, embedded, job, MediaRole.AUDIO, Role.AUDIO);
      var externalId = ExternalId.of(job.id(), job.attempts() + 1);
      return new TaskRequest(job.model(), externalId, input, embedded, callbacks.address(job));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored request is not JSON", e);
    }
  }

  private void fill(
      Model model,
      ObjectNode input,
      Map<String, Path> embedded,
      Job job,
      MediaRole slotRole,
      Role role) {
    var addresses = new ArrayList<String>();
    for (var file : media(job)) {
      if (file.role() != role) {
        continue;
      }
      var address = uploads.find(job.id(), file.name(), clock.instant());
      address.ifPresent(addresses::add);
      if (address.isEmpty()) {
        var field = model.slot(slotRole).orElseThrow().field();
        embedded.put(field, PlainNames.find(Path.of(String.valueOf(job.home())), file.name()));
      }
    }
    if (!addresses.isEmpty()) {
      model.slot(slotRole).orElseThrow().addTo(input, addresses);
    }
  }

  private static List<BundleFile> media(Job job) {
    return job.files().stream().filter(file -> file.role() != Role.SIDECAR).toList();
  }
}
