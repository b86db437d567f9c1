package io.klingdrop.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.MediaRole;
import io.klingdrop.catalogue.MediaSlot;
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
import io.klingdrop.ledger.Uploads;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.s3.StoreException;
import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
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
public record Requests(StageContext context, Uploads uploads, BucketMedia bucketMedia) {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  /** An address must outlive the longest wait between upload and the provider's reading it. */
  private static final Duration MUST_LIVE = Duration.ofHours(2);

  /**
   * Uploads what the provider does not have yet.
   *
   * @return the job if its media can be reached, null if it was put off or failed
   */
  public @Nullable Job makeReachable(Job job) throws IOException {
    var home = home(job);
    for (var file : media(job)) {
      if (!servedFromHere(job)
          && uploads
              .find(job.id(), file.name(), context.clock().instant().plus(MUST_LIVE))
              .isPresent()) {
        continue;
      }
      if (changed(file, home)) {
        return failed(job, changed(file));
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
        return failed(job, changed(file));
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
      var path = PlainNames.find(home(job), file.name());
      if (request.embedded().containsValue(path) && changed(file, home(job))) {
        return Optional.of(changed(file));
      }
    }
    return Optional.empty();
  }

  /** Whether the provider reads the files where they lie now, and not a copy. */
  private boolean servedFromHere(Job job) {
    return !context.settings().media().byS3(job.provider())
        && !context.settings().media().urlPrefix().isEmpty();
  }

  /** Where the provider can read a file; empty if it takes it inside the request. */
  private Optional<Uploaded> reachable(Job job, Media media) throws ProviderException {
    if (context.settings().media().byS3(job.provider())) {
      return Optional.of(bucketMedia.publish(job, media));
    }
    return !servedFromHere(job)
        ? context.providers().account(job.provider()).gateway().upload(media)
        : Optional.of(PublicMedia.of(context.settings(), media.file(), context.clock().instant()));
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
    return new Media(path, mimeType, "." + extension, file.sha256(), file.bytes());
  }

  private @Nullable Job putOff(Job job, BundleFile file, Refusal refusal) {
    var reason = "the upload of " + file.name() + " was refused: " + refusal.said();
    if (refusal.meaning().closesLane()) {
      context.claims().released(job, context.lanes().close(job.provider(), "", refusal));
      return null;
    }
    var now = context.clock().instant();
    var since = job.progress().troubleSince();
    var giveUp = context.settings().submit().giveUp();
    var failureClass =
        switch (refusal.meaning()) {
          case INVALID -> FailureClass.INVALID;
          case REJECTED -> FailureClass.REJECTED;
          default ->
              since == null || now.isBefore(since.plus(giveUp)) ? null : FailureClass.PROVIDER;
        };
    if (failureClass != null) {
      return failed(
          job, new Failure(failureClass, refusal.code(), reason, refusal.httpStatus(), Charged.NO));
    }
    if (!context.settings().media().byS3(job.provider())) {
      LOG.warn("{}: {}. It is free and is tried again.", job.label(), reason);
    }
    context.ledger().tryAgain(job, reason, now.plus(Backoff.after(job.progress().tries())));
    CrashPoint.at("submit.upload-refused-committed");
    return null;
  }

  /** Such a job is not submitted. */
  private @Nullable Job failed(Job job, Failure failure) {
    context.ledger().failed(job, failure);
    return null;
  }

  /**
   * The request as it is sent: the input with every media address filled in, and the files that
   * travel inside it, and the address to call back at.
   */
  TaskRequest complete(Job job) {
    var model =
        context
            .catalogue()
            .model(job.provider(), job.model())
            .orElseThrow(
                () ->
                    new IllegalStateException("the model " + job.model() + " left config/models"));
    try {
      if (!(context.mapper().readTree(job.composedRequest()) instanceof ObjectNode input)) {
        throw new IllegalStateException("the stored request is not an object");
      }
      var embedded = new HashMap<String, Path>();
      fill(job, Role.IMAGE, model.slot(MediaRole.IMAGE), input, embedded);
      fill(job, Role.AUDIO, model.slot(MediaRole.AUDIO), input, embedded);
      var externalId = ExternalId.of(job.id(), job.attempts() + 1);
      return new TaskRequest(
          job.model(), externalId, input, embedded, context.callbacks().address(job));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored request is not JSON", e);
    }
  }

  private void fill(
      Job job, Role role, Optional<MediaSlot> slot, ObjectNode input, Map<String, Path> embedded) {
    var addresses = new ArrayList<String>();
    for (var file : job.files().stream().filter(one -> one.role() == role).toList()) {
      var address = uploads.find(job.id(), file.name(), context.clock().instant());
      if (address.isPresent()) {
        addresses.add(address.get());
      } else {
        embedded.put(slot.orElseThrow().field(), PlainNames.find(home(job), file.name()));
      }
    }
    if (!addresses.isEmpty()) {
      slot.orElseThrow().addTo(input, addresses);
    }
  }

  private static Path home(Job job) {
    return Path.of(String.valueOf(job.home()));
  }

  private static List<BundleFile> media(Job job) {
    return job.files().stream().filter(file -> file.role() != Role.SIDECAR).toList();
  }
}
