package io.klingdrop.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Finding;
import io.klingdrop.catalogue.MediaRole;
import io.klingdrop.catalogue.MediaSlot;
import io.klingdrop.catalogue.Model;
import io.klingdrop.catalogue.Parameters;
import io.klingdrop.catalogue.ParametersException;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.catalogue.RequestComposer;
import io.klingdrop.files.Hashes;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Role;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be known to be wrong before money is spent: parameters, media, limits of the
 * model. Reads files, changes nothing. Thread-safe.
 */
public record Checks(Catalogue catalogue) {
  private static final int READINGS = 3;

  /**
   * What the check of a bundle found.
   *
   * @param input the composed input, without media
   * @param identity as much of it as tells two requests apart: without what the model file gives
   *     where nobody says anything
   * @param refusal why it must not be sent, null if it may
   * @param warnings what is odd but allowed, one sentence each; none if it is refused
   * @param audio length of the recording, null if there is none
   * @param estimate credits expected, null if the price is not known
   */
  record Checked(
      ObjectNode input,
      ObjectNode identity,
      @Nullable Failure refusal,
      List<String> warnings,
      @Nullable Duration audio,
      @Nullable Double estimate) {}

  /**
   * Checks one bundle.
   *
   * @param files the bundle, found in {@code folder} under their names
   * @param defaults {@code _defaults.yaml} files, outermost first
   */
  Checked check(String profileName, List<BundleFile> files, Path folder, List<Path> defaults) {
    var profile = catalogue.profile(profileName).orElse(null);
    if (profile == null) {
      return refused(
          "there is no profile %s; profiles are: %s"
              .formatted(
                  profileName,
                  String.join(
                      ", ", catalogue.profiles().stream().map(Profile::name).sorted().toList())));
    }
    var model = catalogue.modelOf(profile);
    try {
      var composed = RequestComposer.compose(model, parameters(profile, files, folder, defaults));
      var findings = new ArrayList<>(composed.findings());
      Duration audio = null;
      for (var file : files) {
        var length = media(model, file, folder.resolve(file.name()), findings);
        audio = length.orElse(audio);
      }
      missing(model, files, composed.input(), findings);
      var refusals = findings.stream().filter(Finding::refuses).map(Finding::message).toList();
      if (!refusals.isEmpty()) {
        return refused(sentence(refusals), audio);
      }
      var identity = composed.input();
      model.fixed().forEach(identity::set);
      var input = identity.deepCopy();
      model.fill(input);
      return new Checked(
          input,
          identity,
          null,
          findings.stream().map(Finding::message).toList(),
          audio,
          estimate(model, audio, input));
    } catch (ParametersException | BadBundle e) {
      return refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return refused("a file cannot be read: " + e.getMessage());
    }
  }

  private static Checked refused(String message) {
    return refused(message, null);
  }

  private static Checked refused(String message, @Nullable Duration audio) {
    var none = JsonNodeFactory.instance.objectNode();
    return new Checked(
        none, none, Failure.of(FailureClass.INVALID, message), List.of(), audio, null);
  }

  private static String sentence(List<String> refusals) {
    return String.join("; ", refusals);
  }

  private static Parameters parameters(
      Profile profile, List<BundleFile> files, Path folder, List<Path> defaults)
      throws IOException, BadBundle {
    var layers = new ArrayList<Parameters>();
    layers.add(profile.parameters());
    for (var file : defaults) {
      layers.add(Parameters.read(file, file.getFileName().toString()));
    }
    var sidecars =
        files.stream()
            .filter(file -> file.role() == Role.SIDECAR)
            .sorted(Comparator.comparing(file -> InboxRules.structured(file.name())))
            .toList();
    var seen = Parameters.none();
    for (var sidecar : sidecars) {
      var read = Parameters.read(folder.resolve(sidecar.name()), sidecar.name());
      if (seen.get("prompt").isPresent() && read.get("prompt").isPresent()) {
        throw new BadBundle(
            "both sidecars give a prompt (%s and %s); klingdrop does not guess"
                .formatted(sidecars.get(0).name(), sidecar.name()));
      }
      seen = read;
      layers.add(read);
    }
    return Parameters.merge(layers);
  }

  /** Judges one media file; answers the length of a recording. */
  private static Optional<Duration> media(
      Model model, BundleFile file, Path path, List<Finding> findings)
      throws IOException, BadBundle {
    if (file.role() == Role.SIDECAR) {
      return Optional.empty();
    }
    var role = file.role() == Role.IMAGE ? MediaRole.IMAGE : MediaRole.AUDIO;
    var slot = model.slot(role).orElse(null);
    if (slot == null) {
      throw new BadBundle(file.name() + ": the model " + model.id() + " takes no " + role.noun());
    }
    for (int left = READINGS; ; left--) {
      try {
        return read(slot, role, file, path, findings);
      } catch (NoSuchFileException | AccessDeniedException e) {
        throw e;
      } catch (IOException e) {
        // a handle that went stale, as on NFS, needs the file opened again
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  private static Optional<Duration> read(
      MediaSlot slot, MediaRole role, BundleFile file, Path path, List<Finding> findings)
      throws IOException, BadBundle {
    try {
      // a file that is too large is not even looked at: it may be a hundred gigabytes of anything
      var tooLarge = slot.tooLarge(Files.size(path));
      if (tooLarge.isPresent()) {
        findings.add(named(file, tooLarge.get()));
        return Optional.empty();
      }
      if (role == MediaRole.IMAGE) {
        var image = MediaProbe.image(path);
        slot.check(
                image.mimeType(),
                Files.size(path),
                OptionalInt.of(image.width()),
                OptionalInt.of(image.height()),
                Optional.empty())
            .forEach(finding -> findings.add(named(file, finding)));
        odd(file, role, image.oddities(), findings);
        return Optional.empty();
      }
      var audio = MediaProbe.audio(path);
      slot.check(
              audio.mimeType(),
              Files.size(path),
              OptionalInt.empty(),
              OptionalInt.empty(),
              Optional.of(audio.length()))
          .forEach(finding -> findings.add(named(file, finding)));
      slot.codec(audio.codec()).ifPresent(finding -> findings.add(named(file, finding)));
      odd(file, role, audio.oddities(), findings);
      return Optional.of(audio.length());
    } catch (MediaException e) {
      throw new BadBundle(file.name() + ": " + e.getMessage());
    }
  }

  private static void odd(
      BundleFile file, MediaRole role, List<String> oddities, List<Finding> findings) {
    for (var oddity : oddities) {
      findings.add(
          new Finding(
              Finding.Severity.WARN,
              role.key(),
              file.name() + ": " + oddity + "; it is sent all the same"));
    }
  }

  private static Finding named(BundleFile file, Finding finding) {
    return new Finding(finding.severity(), finding.key(), file.name() + ": " + finding.message());
  }

  private static void missing(
      Model model, List<BundleFile> files, ObjectNode input, List<Finding> findings) {
    if (model.needsImage() && files.stream().noneMatch(file -> file.role() == Role.IMAGE)) {
      findings.add(new Finding(Finding.Severity.REFUSE, "image", model.id() + " needs a picture"));
    }
    var audio = files.stream().filter(file -> file.role() == Role.AUDIO).findFirst();
    var instead = model.slot(MediaRole.AUDIO).flatMap(MediaSlot::instead).orElse("");
    if (input.path(instead).asText("").isBlank()) {
      input.remove(instead);
    }
    if (audio.isPresent() && input.has(instead)) {
      findings.add(
          new Finding(
              Finding.Severity.REFUSE,
              instead,
              "%s and %s exclude each other: take one of them away"
                  .formatted(audio.get().name(), instead)));
    }
    if (model.needsAudio() && audio.isEmpty() && !input.has(instead)) {
      findings.add(
          new Finding(Finding.Severity.REFUSE, "audio", model.id() + " needs a recording"));
    }
  }

  private static @Nullable Double estimate(
      Model model, @Nullable Duration audio, ObjectNode input) {
    var price = model.price().orElse(null);
    if (price == null) {
      return null;
    }
    var credits = price.estimate(audio == null ? Duration.ZERO : audio, input);
    return credits.isPresent() ? credits.getAsDouble() : null;
  }

  /**
   * What makes two bundles the same: provider, model, effective request and the bytes of the media,
   * whatever the files are called.
   */
  static String contentKey(
      String provider, String model, ObjectNode input, List<BundleFile> files) {
    var text = new StringBuilder();
    text.append(provider).append('\n').append(model).append('\n');
    text.append(canonical(input)).append('\n');
    files.stream()
        .filter(file -> file.role() != Role.SIDECAR)
        .sorted(Comparator.comparing(BundleFile::role).thenComparing(BundleFile::sha256))
        .forEach(file -> text.append(file.role()).append(' ').append(file.sha256()).append('\n'));
    return Hashes.sha256(text.toString());
  }

  private static String canonical(ObjectNode input) {
    var sorted = new java.util.TreeMap<String, String>();
    input.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue().toString()));
    return sorted.toString();
  }

  /** The files or parameters are wrong; the message is for the person who dropped them. */
  private static final class BadBundle extends Exception {
    BadBundle(String message) {
      super(message);
    }
  }
}
