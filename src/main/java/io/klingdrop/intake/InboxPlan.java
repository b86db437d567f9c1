package io.klingdrop.intake;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.MediaRole;
import io.klingdrop.catalogue.MediaSlot;
import io.klingdrop.catalogue.Model;
import io.klingdrop.catalogue.Parameters;
import io.klingdrop.catalogue.ParametersException;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Suggest;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What would happen to all that lies in the inbox now; moves and sends nothing.
 *
 * @param stays what lies there and is not taken, and why, one sentence each
 */
public record InboxPlan(
    List<InboxPlan.Planned> bundles, List<InboxPlan.Waiting> waiting, List<String> stays) {

  /**
   * What would happen to one bundle that lies in the inbox now.
   *
   * @param name profile, sub path and name
   * @param refusal why it would be refused, null if it would be sent
   * @param request the composed input as JSON, empty if refused
   * @param estimate credits expected, null if unknown
   */
  public record Planned(
      String name,
      String model,
      List<String> files,
      @Nullable String refusal,
      List<String> warnings,
      String request,
      @Nullable Duration audio,
      @Nullable Double estimate) {}

  /**
   * Files that are half a bundle.
   *
   * @param name profile, sub path and name
   * @param lack what they wait for, with its article
   * @param since when the last of them came, as far as the file system knows
   */
  public record Waiting(String name, List<String> files, String lack, Instant since) {}

  /** What a running service, perhaps of another user, cannot take; one sentence each. */
  public static List<String> hindrances(Settings settings) {
    return Hindrances.noted(note(settings));
  }

  static Path note(Settings settings) {
    return settings.folders().data().resolve("inbox-hindrances.txt");
  }

  /** Reads the inbox as it lies, as if all had settled; moves and sends nothing. */
  public static InboxPlan of(Settings settings, Catalogue catalogue, JobQueries queries) {
    var checks = new Checks(catalogue);
    var inbox = Inbox.glance(settings, profile -> needs(catalogue, profile), queries);
    return new InboxPlan(
        inbox.ready().stream().map(bundle -> plan(bundle, checks, catalogue)).toList(),
        inbox.halves().stream().map(InboxPlan::waiting).toList(),
        Stream.concat(inbox.stays().stream(), hindrances(settings).stream()).distinct().toList());
  }

  private static Planned plan(Bundle bundle, Checks checks, Catalogue catalogue) {
    var files =
        bundle.members().stream()
            .map(
                member ->
                    new BundleFile(
                        member.file().role(),
                        InboxScan.above(bundle.lead()).relativize(member.file().path()).toString(),
                        "",
                        member.file().bytes(),
                        member.shared()))
            .toList();
    var names = files.stream().map(BundleFile::name).sorted().toList();
    var path =
        bundle.profile()
            + "/"
            + (bundle.subPath().isEmpty() ? "" : bundle.subPath() + "/")
            + bundle.name();
    var model = catalogue.profile(bundle.profile()).map(Profile::model).orElse("");
    var refusal = bundle.refusal();
    var folder = InboxScan.above(bundle.lead());
    var checked =
        refusal == null
            ? checks.check(bundle.profile(), files, folder, bundle.defaults())
            : Checks.refused(refusal.message(), null);
    var wrong = checked.refusal();
    return new Planned(
        path,
        model,
        names,
        wrong == null ? null : wrong.message(),
        checked.warnings(),
        wrong == null ? checked.input().toString() : "",
        checked.audio(),
        checked.estimate());
  }

  private static Waiting waiting(Pairing.Waiting half) {
    var files = half.files().stream().map(Dropped::name).sorted().toList();
    var since = half.files().stream().map(InboxPlan::came).max(Comparator.naturalOrder());
    return new Waiting(half.name(), files, lack(half.lack()), since.orElse(Instant.EPOCH));
  }

  private static String lack(@Nullable Fault fault) {
    return fault == Fault.NO_RECORDING
        ? "a recording"
        : fault == Fault.NO_SIDECAR
            ? "a prompt or parameters"
            : fault == null ? "the rest" : "a picture";
  }

  /** A copy may keep the time of its original; when it came here, only its inode tells. */
  private static Instant came(Dropped file) {
    var modified = Instant.ofEpochMilli(file.modified());
    try {
      return Files.getAttribute(file.path(), "unix:ctime") instanceof FileTime changed
              && changed.toInstant().isAfter(modified)
          ? changed.toInstant()
          : modified;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return modified;
    }
  }

  static Needs needs(Catalogue catalogue, String profileName) {
    var profile = catalogue.profile(profileName).orElse(null);
    if (profile == null) {
      return Needs.unknown(
          Suggest.closest(
                  profileName.strip(),
                  catalogue.profiles().stream().map(Profile::name).sorted().toList())
              .orElse(""));
    }
    var model = catalogue.modelOf(profile);
    var instead = model.slot(MediaRole.AUDIO).flatMap(MediaSlot::instead).orElse("");
    return new Needs(
        true,
        model.takesAudio(),
        profile.sidecarRequired(),
        asks(model, profile),
        sidecar -> !instead.isEmpty() && names(sidecar, instead));
  }

  /** Whether a sidecar gives that parameter; one that cannot be read gives nothing. */
  private static boolean names(Needs.Sidecar sidecar, String parameter) {
    try {
      return InboxRules.structured(sidecar.name())
          && Parameters.read(sidecar.file(), sidecar.name()).names(parameter);
    } catch (IOException | ParametersException e) {
      return false;
    }
  }

  private static boolean asks(Model model, Profile profile) {
    return model.input().requires("prompt")
        && model.input().defaultOf("prompt").isEmpty()
        && profile.parameters().get("prompt").isEmpty();
  }
}
