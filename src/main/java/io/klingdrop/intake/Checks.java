package io.klingdrop.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Finding;
import io.klingdrop.catalogue.Finding.Severity;
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
import java.util.TreeMap;
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
      var names = catalogue.profiles().stream().map(Profile::name).sorted().toList();
      return refused(
          "there is no profile %s; profiles are: %s"
              .formatted(profileName, String.join(", ", names)),
          null);
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
        return refused(String.join("; ", refusals), audio);
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
      return refused(String.valueOf(e.getMessage()), null);
    } catch (IOException e) {
      return refused("a file cannot be read: " + e.getMessage(), null);
    }
  }

  static Checked refused(String message, @Nullable Duration audio) {
    var none = JsonNodeFactory.instance.objectNode();
    return new Checked(
        none, none, Failure.of(FailureClass.INVALID, message), List.of(), audio, null);
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
    var slot = slot(model, file.role()).orElse(null);
    if (slot == null) {
      var noun = (file.role() == Role.IMAGE ? MediaRole.IMAGE : MediaRole.AUDIO).noun();
      throw new BadBundle(file.name() + ": the model " + model.id() + " takes no " + noun);
    }
    for (int left = READINGS; ; left--) {
      try {
        return read(slot, file, path, findings);
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

  /** The slot of a model that takes such a file, no sidecar; empty if none does. */
  static Optional<MediaSlot> slot(Model model, Role role) {
    return model.slot(role == Role.IMAGE ? MediaRole.IMAGE : MediaRole.AUDIO);
  }

  private static Optional<Duration> read(
      MediaSlot slot, BundleFile file, Path path, List<Finding> findings)
      throws IOException, BadBundle {
    try {
      // a file that is too large is not even looked at: it may be a hundred gigabytes of anything
      var bytes = Files.size(path);
      var found = new ArrayList<>(slot.tooLarge(bytes).stream().toList());
      var length = Optional.<Duration>empty();
      if (found.isEmpty() && file.role() == Role.IMAGE) {
        var image = MediaProbe.image(path);
        var width = OptionalInt.of(image.width());
        var height = OptionalInt.of(image.height());
        found.addAll(slot.check(image.mimeType(), bytes, width, height, length));
        image.oddities().forEach(oddity -> found.add(odd(slot, oddity)));
      } else if (found.isEmpty()) {
        var audio = MediaProbe.audio(path);
        var none = OptionalInt.empty();
        length = Optional.of(audio.length());
        found.addAll(slot.check(audio.mimeType(), bytes, none, none, length));
        slot.codec(audio.codec()).ifPresent(found::add);
        audio.oddities().forEach(oddity -> found.add(odd(slot, oddity)));
      }
      for (var one : found) {
        findings.add(new Finding(one.severity(), one.key(), file.name() + ": " + one.message()));
      }
      return length;
    } catch (MediaException e) {
      throw new BadBundle(file.name() + ": " + e.getMessage());
    }
  }

  private static Finding odd(MediaSlot slot, String oddity) {
    return new Finding(Severity.WARN, slot.role().key(), oddity + "; it is sent all the same");
  }

  private static void missing(
      Model model, List<BundleFile> files, ObjectNode input, List<Finding> findings) {
    if (model.needsImage() && files.stream().noneMatch(file -> file.role() == Role.IMAGE)) {
      findings.add(new Finding(Severity.REFUSE, "image", model.id() + " needs a picture"));
    }
    var audio = files.stream().filter(file -> file.role() == Role.AUDIO).findFirst();
    var instead = model.slot(MediaRole.AUDIO).flatMap(MediaSlot::instead).orElse("");
    if (input.path(instead).asText("").isBlank()) {
      input.remove(instead);
    }
    if (audio.isPresent() && input.has(instead)) {
      findings.add(
          new Finding(
              Severity.REFUSE,
              instead,
              "%s and %s exclude each other: take one of them away"
                  .formatted(audio.get().name(), instead)));
    }
    if (model.needsAudio() && audio.isEmpty() && !input.has(instead)) {
      findings.add(new Finding(Severity.REFUSE, "audio", model.id() + " needs a recording"));
    }
  }

  private static @Nullable Double estimate(
      Model model, @Nullable Duration audio, ObjectNode input) {
    var length = audio == null ? Duration.ZERO : audio;
    var credits = model.price().map(price -> price.estimate(length, input));
    return credits.isEmpty() || credits.get().isEmpty() ? null : credits.get().getAsDouble();
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
    var sorted = new TreeMap<String, String>();
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
