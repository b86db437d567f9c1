package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Names;
import io.klingdrop.http.Endpoint.Input;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Shelf;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes bundles over HTTP and drops them into the inbox, where they are treated as any other: first
 * under names the inbox does not see, then renamed, the picture last.
 */
final class BundleEndpoints {
  /** In the order they appear in the inbox. */
  private static final Map<String, List<String>> KINDS =
      Map.of(
          "3image", List.of("png", "jpg", "jpeg", "webp"),
          "2audio", List.of("mp3", "wav", "m4a", "aac", "ogg", "oga", "opus", "flac", "mp4"),
          "1sidecar", List.of("txt", "json", "yaml", "yml"));

  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long LOOK_NANOS = 100_000_000L;

  private final Settings settings;
  private final Catalogue catalogue;
  private final Shelf shelf;
  private final JobJson jobs;
  private final InstantSource clock;

  BundleEndpoints(
      Settings settings, Catalogue catalogue, Shelf shelf, JobJson jobs, InstantSource clock) {
    this.settings = settings;
    this.catalogue = catalogue;
    this.shelf = shelf;
    this.jobs = jobs;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.post(
                OpsPaths.BUNDLES,
                "http-take-bundle",
                "Drops a bundle into the inbox and answers its job, or 202 and where to ask for it",
                this::take)
            .taking(
                new Input("header", "Idempotency-Key", "string", false, "the same call once only"),
                new Input("form", "profile", "string", false, "the profile; empty: the usual one"),
                new Input("form", "name", "string", false, "the name; empty: the picture's"),
                new Input("form", "image", "file", false, "the picture"),
                new Input("form", "audio", "file", false, "the recording"),
                new Input("form", "sidecar", "file", false, "prompt or parameters")),
        Endpoint.get(
            OpsPaths.BUNDLES + "/{id}",
            "http-find-bundle",
            "Answers the job of a bundle that was dropped here, or 202 as long as there is none",
            this::find));
  }

  private Answer take(Request request) throws IOException {
    var id =
        request
            .header("Idempotency-Key")
            .map(key -> "k" + Hashes.sha256(key).substring(0, 32))
            .orElseGet(() -> "u" + UUID.randomUUID().toString().replace("-", ""));
    var profile = request.form("profile").orElse(settings.inbox().defaultProfile());
    if (catalogue.profile(profile).isEmpty()) {
      throw new HttpFault(422, "no-such-profile", "there is no profile " + profile, profile);
    }
    var parts = sorted(request.uploads());
    var lead = parts.get(parts.size() - 1);
    var name = Names.safe(request.form("name").orElse(Names.stem(lead.fileName())));
    var folder = settings.folders().inbox().resolve(Names.safe(profile));
    var first = name + Names.extension(lead.fileName()).toLowerCase(Locale.ROOT);
    if (!shelf.take(id, clock.millis() + " " + first, clock.instant())) {
      return answer(id);
    }
    try {
      drop(parts, Files.createDirectories(folder), name);
    } catch (IOException | RuntimeException e) {
      shelf.giveBack(id);
      throw e;
    }
    var until = System.nanoTime() + PATIENCE_NANOS;
    while (job(id).isEmpty() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return answer(id);
  }

  /** The parts of a bundle, the picture last. */
  private static List<Upload> sorted(List<Upload> uploads) {
    var parts = new TreeMap<String, Upload>();
    for (var upload : uploads) {
      var extension = Names.extension(upload.fileName()).toLowerCase(Locale.ROOT);
      var kind =
          KINDS.entrySet().stream()
              .filter(entry -> entry.getValue().stream().anyMatch(e -> extension.equals("." + e)))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow(
                  () ->
                      new HttpFault(
                          422,
                          "bundle-file-kind",
                          "a bundle holds no file like " + upload.fileName(),
                          upload.fileName()));
      if (parts.put(kind, upload) != null) {
        throw new HttpFault(
            422,
            "bundle-too-many",
            "a bundle holds one picture, one recording and one text at most");
      }
    }
    if (!parts.containsKey("3image")) {
      throw new HttpFault(422, "bundle-no-picture", "a bundle needs a picture");
    }
    return List.copyOf(parts.values());
  }

  private static void drop(List<Upload> parts, Path folder, String name) throws IOException {
    var temporary = new ArrayList<Path>();
    var finals = new ArrayList<Path>();
    try {
      for (var part : parts) {
        var target =
            folder.resolve(name + Names.extension(part.fileName()).toLowerCase(Locale.ROOT));
        if (Files.exists(target)) {
          throw new HttpFault(
              409,
              "inbox-name-taken",
              "the inbox holds a file called " + target.getFileName(),
              String.valueOf(target.getFileName()));
        }
        var hidden = folder.resolve("." + UUID.randomUUID() + ".part");
        temporary.add(hidden);
        finals.add(target);
        Files.copy(part.file(), hidden);
        try (var channel = FileChannel.open(hidden, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
      for (int i = 0; i < temporary.size(); i++) {
        Files.move(temporary.get(i), finals.get(i), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      for (var left : temporary) {
        Files.deleteIfExists(left);
      }
    }
  }

  private Optional<Job> job(String id) {
    return shelf
        .answered(id)
        .flatMap(
            noted -> {
              var space = noted.indexOf(' ');
              var at = Instant.ofEpochMilli(Long.parseLong(noted.substring(0, space)));
              return shelf.madeOf(noted.substring(space + 1), at);
            });
  }

  private Answer find(Request request) {
    if (shelf.answered(request.part("id")).isEmpty()) {
      throw new HttpFault(404, "no-such-bundle", "no bundle was dropped under this name");
    }
    return answer(request.part("id"));
  }

  private Answer answer(String id) {
    var here = OpsPaths.BUNDLES + "/" + id;
    var job = job(id);
    if (job.isPresent()) {
      return Answer.json(201, jobs.brief(job.get()))
          .with("Location", OpsPaths.API + "/jobs/" + job.get().id());
    }
    return Answer.json(202, JsonNodeFactory.instance.objectNode().put("location", here))
        .with("Location", here);
  }
}
