package io.klingdrop.intake;

import io.klingdrop.files.Names;
import io.klingdrop.intake.Bundle.Member;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.util.function.Suppliers;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one folder at one moment, which files form a bundle. Pure: it knows only the
 * readings it is given. Never guesses: two candidates for one place are refused together.
 */
final class Pairing {
  private final Place place;
  private final Timing timing;
  private final Predicate<Path> served;
  private final Beside beside;
  private final Map<String, List<Dropped>> images = new TreeMap<>();
  private final Map<String, List<Dropped>> audios = new TreeMap<>();
  private final Map<String, List<Dropped>> sidecars = new TreeMap<>();
  private final List<Dropped> folderImages = new ArrayList<>();
  private final List<Bundle> ready = new ArrayList<>();
  private final Map<String, Fault> faults = new TreeMap<>();
  private final Supplier<NearNames> all =
      Suppliers.memorize(() -> new NearNames(Stream.of(images, audios, sidecars), stem -> true));
  private final Supplier<NearNames> orphanPrompts =
      Suppliers.memorize(() -> new NearNames(Stream.of(sidecars), this::lone));
  private final Supplier<NearNames> orphanPictures =
      Suppliers.memorize(() -> new NearNames(Stream.of(images), this::unheard));
  private final List<Waiting> waiting = new ArrayList<>();

  /** The folder: its profile, what that needs, and the defaults that apply, outermost first. */
  record Place(String profile, String subPath, Needs needs, List<Dropped> defaults) {}

  /** How long a file must be unchanged, and how long a half waits after that. */
  record Timing(Duration settle, Duration pairWindow) {

    /** How long a half is kept in all. */
    Duration patience() {
      return settle.plus(pairWindow);
    }

    /** The pair window as a person says it, such as {@code 10 minutes}. */
    String words() {
      var whole = pairWindow.toSeconds() >= 60 && pairWindow.toSeconds() % 60 == 0;
      var count = whole ? pairWindow.toMinutes() : Math.max(1, pairWindow.toSeconds());
      return count + (whole ? " minute" : " second") + (count == 1 ? "" : "s");
    }

    /** Whether a file is whole: an empty one may be filled yet. */
    boolean settled(Dropped file) {
      return file.unchanged().compareTo(file.bytes() == 0 ? patience() : settle) >= 0;
    }
  }

  /** What a folder yields now, with what is wrong with refused bundles by their names. */
  record Outcome(List<Bundle> ready, List<Waiting> waiting, Map<String, Fault> faults) {}

  /**
   * Files of one stem that are not taken yet.
   *
   * @param name their profile, sub path and stem
   * @param lack what they wait for; null if they only settle
   */
  record Waiting(String name, List<Dropped> files, @Nullable Fault lack) {}

  /** Why a bundle is refused: for programs and for people. */
  private record Wrong(Fault fault, FailureClass failureClass, String message) {}

  private Pairing(Place place, Timing timing, Predicate<Path> served, Beside beside) {
    this.place = place;
    this.timing = timing;
    this.served = served;
    this.beside = beside;
  }

  /** Pairs the files of one folder; {@code served} knows those that were shared inputs before. */
  static Outcome pair(
      Place place,
      Timing timing,
      Predicate<Path> served,
      Collection<Dropped> files,
      Beside beside) {
    var pairing = new Pairing(place, timing, served, beside);
    pairing.sort(files);
    return pairing.decide();
  }

  private void sort(Collection<Dropped> files) {
    for (var file : files) {
      if (InboxRules.folderImage(file.name())) {
        folderImages.add(file);
        continue;
      }
      var byStem =
          switch (file.role()) {
            case IMAGE -> images;
            case AUDIO -> audios;
            case SIDECAR -> sidecars;
          };
      byStem.computeIfAbsent(file.stem(), stem -> new ArrayList<>()).add(file);
    }
    for (var list : sidecars.values()) {
      list.removeIf(
          file ->
              InboxRules.ownNote(file.name())
                  .filter(stem -> !images.containsKey(stem) && !audios.containsKey(stem))
                  .isPresent());
    }
    sidecars.values().removeIf(List::isEmpty);
  }

  private Outcome decide() {
    var needs = place.needs();
    if (!needs.known()) {
      Stream.of(images, audios, sidecars)
          .flatMap(byStem -> byStem.keySet().stream())
          .sorted()
          .distinct()
          .forEach(stem -> refuse(stem, unknownProfile()));
    } else {
      if (needs.audio()) {
        audios.keySet().forEach(this::voice);
        images.keySet().stream().filter(stem -> !audios.containsKey(stem)).forEach(this::portrait);
      } else {
        images.keySet().forEach(this::picture);
        audios.keySet().stream()
            .filter(stem -> !images.containsKey(stem))
            .forEach(stem -> half(stem, noAudio()));
      }
      sidecars.keySet().stream().filter(this::lone).forEach(this::sidecar);
    }
    return new Outcome(List.copyOf(ready), List.copyOf(waiting), Map.copyOf(faults));
  }

  /** A stem with a recording, in a profile whose model takes one. */
  private void voice(String stem) {
    var image = imageFor(stem);
    var wrong = competing(stem);
    if (wrong == null && image.isEmpty()) {
      half(stem, late(Fault.NO_PICTURE, "no picture called " + stem + " came"));
      return;
    }
    if (wrong == null) {
      wrong = several("pictures", image);
    }
    if (wrong == null) {
      wrong = meant(stem, image.get(0));
    }
    if (wrong != null) {
      refuse(stem, wrong);
      return;
    }
    var picture = image.get(0);
    var borrowed = !picture.stem().equals(stem) || InboxRules.folderImage(picture.name());
    var shared = borrowed || serves(stem);
    var members = new ArrayList<Member>();
    members.add(new Member(picture, shared));
    members.add(new Member(list(audios, stem).get(0), false));
    list(sidecars, stem).forEach(file -> members.add(new Member(file, !borrowed && shared)));
    if (!sidecars.containsKey(stem)) {
      parentOf(stem, sidecars).forEach(file -> members.add(new Member(file, true)));
    }
    if (needsSidecar() && members.size() == 2) {
      var late = "no sidecar came within " + timing.words() + "; the profile asks for one";
      half(stem, unpaired(Fault.NO_SIDECAR, late));
    } else {
      take(stem, members, null);
    }
  }

  /**
   * What lies beside a complete bundle, is not read, and was surely meant for it: paying without it
   * would be paying for the wrong video.
   */
  private @Nullable Wrong meant(String stem, Dropped picture) {
    if (InboxRules.folderImage(picture.name())) {
      var own = beside.picture(stem).or(() -> orphanPictures.get().near(stem));
      if (own.isPresent()) {
        return unpaired(
            Fault.NO_PICTURE,
            "%s lies beside it and is not the picture of %s for klingdrop; is it to be made with %s?"
                    .formatted(said(own.get()), said(stem), said(picture.name()))
                + " Nothing was sent: give the right picture the name of the recording, as a .png"
                + " or .jpg, or take the other away");
      }
    }
    return sidecars.containsKey(stem) || !parentOf(stem, sidecars).isEmpty()
        ? null
        : prompt(stem, picture.stem());
  }

  /** A file that was surely meant as the prompt and is none, for a bundle without a sidecar. */
  private @Nullable Wrong prompt(String stem, String parent) {
    var document = beside.document(stem).or(() -> beside.document(parent));
    if (document.isPresent()) {
      return invalid(
          Fault.NO_SIDECAR,
          "%s lies beside it, and klingdrop cannot read such a file as a prompt. Nothing was sent:"
                  .formatted(said(document.get()))
              + " save its text as %s.txt (plain text), or take it away, and drop all again"
                  .formatted(said(stem)));
    }
    var near = orphanPrompts.get().near(stem);
    return near.isEmpty()
        ? null
        : unpaired(
            Fault.NO_SIDECAR,
            "%s lies beside it, but its name is not quite the same: is it the prompt? Nothing was"
                    .formatted(said(near.get()))
                + " sent: call it %s%s, or take it away, and drop all again"
                    .formatted(said(stem), Names.extension(near.get())));
  }

  /** Whether a sidecar of that stem belongs to no picture or recording here. */
  private boolean lone(String stem) {
    return !images.containsKey(stem) && unheard(stem);
  }

  /** Whether no recording here takes what has that stem. */
  private boolean unheard(String stem) {
    return !audios.containsKey(stem) && !serves(stem);
  }

  private static String said(String name) {
    return Text.oneLine(name, 100);
  }

  private List<Dropped> imageFor(String stem) {
    if (images.containsKey(stem)) {
      return list(images, stem);
    }
    var parents = parentOf(stem, images);
    return parents.isEmpty() ? folderImages : parents;
  }

  /** {@code host} serves {@code host__01}. */
  private static List<Dropped> parentOf(String stem, Map<String, List<Dropped>> byStem) {
    return parent(stem).map(parent -> list(byStem, parent)).orElse(List.of());
  }

  /** The stem whose files also serve this one; empty if there is none. */
  static Optional<String> parent(String stem) {
    var cut = stem.lastIndexOf("__");
    return cut <= 0 ? Optional.empty() : Optional.of(stem.substring(0, cut));
  }

  private boolean serves(String stem) {
    return audios.keySet().stream()
        .anyMatch(
            other -> parent(other).filter(stem::equals).isPresent() && !images.containsKey(other));
  }

  /** A picture without a recording of its own, in a profile whose model takes one. */
  private void portrait(String stem) {
    var pictures = list(images, stem);
    var wrong = several("pictures", pictures);
    if (wrong != null) {
      refuse(stem, wrong);
    } else if (speaks(stem)) {
      picture(stem);
    } else if (!serves(stem) && !served.test(pictures.get(0).path())) {
      half(stem, late(Fault.NO_RECORDING, "no recording called " + stem + " came"));
    }
  }

  /** Whether a sidecar of the stem, once it has settled, stands in for the recording. */
  private boolean speaks(String stem) {
    return list(sidecars, stem).stream()
        .filter(timing::settled)
        .anyMatch(file -> place.needs().speaks().test(new Needs.Sidecar(file.path(), file.name())));
  }

  /** A picture that needs no recording. */
  private void picture(String stem) {
    var wrong = competing(stem);
    if (wrong == null && audios.containsKey(stem)) {
      wrong = noAudio();
    }
    if (wrong == null && !sidecars.containsKey(stem)) {
      wrong = prompt(stem, stem);
    }
    if (wrong != null) {
      refuse(stem, wrong);
    } else if (needsSidecar() && !sidecars.containsKey(stem)) {
      half(stem, late(Fault.NO_SIDECAR, "no prompt (" + stem + ".txt) came"));
    } else {
      take(stem, own(stem), null);
    }
  }

  /** A sidecar without picture and recording; one that served others before may stay. */
  private void sidecar(String stem) {
    if (list(sidecars, stem).stream().noneMatch(file -> served.test(file.path()))) {
      half(stem, late(Fault.NO_PICTURE, "this sidecar's media did not come"));
    }
  }

  private boolean needsSidecar() {
    return place.needs().sidecar() || (place.needs().prompt() && place.defaults().isEmpty());
  }

  private Wrong unknownProfile() {
    var near = place.needs().near();
    return invalid(
        Fault.NO_PROFILE,
        "the inbox folder %s is not a profile%s; klingdrop doctor lists the profiles"
            .formatted(
                place.profile(),
                near.isEmpty()
                    ? ""
                    : "; did you mean %s? Upper and lower case and blanks count".formatted(near)));
  }

  private @Nullable Wrong competing(String stem) {
    var wrong = several("pictures", list(images, stem));
    if (wrong == null) {
      wrong = several("recordings", list(audios, stem));
    }
    return wrong != null
        ? wrong
        : several(
            "sidecars",
            list(sidecars, stem).stream()
                .filter(file -> InboxRules.structured(file.name()))
                .toList());
  }

  /** What is wrong if there is more than one of them. */
  private static @Nullable Wrong several(String what, List<Dropped> files) {
    return files.size() <= 1
        ? null
        : unpaired(
            Fault.TOO_MANY,
            "%s compete for one place: %s; klingdrop does not guess"
                .formatted(
                    what, String.join(", ", files.stream().map(Dropped::name).sorted().toList())));
  }

  private Wrong noAudio() {
    return invalid(
        Fault.RECORDING_NOT_TAKEN,
        "the model of profile %s takes no recording, only a picture and a prompt; use an avatar"
                .formatted(place.profile())
            + " profile for talking pictures");
  }

  /** The other half did not come in time. */
  private Wrong late(Fault fault, String what) {
    return unpaired(fault, what + " within " + timing.words());
  }

  private static Wrong unpaired(Fault fault, String message) {
    return new Wrong(fault, FailureClass.UNPAIRED, message);
  }

  private static Wrong invalid(Fault fault, String message) {
    return new Wrong(fault, FailureClass.INVALID, message);
  }

  /** Waits for the other half until the pair window has passed since the files settled. */
  private void half(String stem, Wrong wrong) {
    var patience = timing.patience();
    var files = all(stem);
    if (files.stream().allMatch(file -> file.unchanged().compareTo(patience) >= 0)
        && !beside.grows(mayServe(stem), patience)) {
      var message = wrong.message() + beside.hint(stem, all.get());
      add(stem, own(stem), new Wrong(wrong.fault(), wrong.failureClass(), message));
    } else {
      waits(stem, files, wrong.fault());
    }
  }

  /** The stems that files of a bundle may have: its own, its parent's and the folder's. */
  private static Set<String> mayServe(String stem) {
    var stems = new HashSet<>(List.of(stem, InboxRules.FOLDER_IMAGE));
    parent(stem).ifPresent(stems::add);
    return stems;
  }

  private List<Member> own(String stem) {
    return all(stem).stream().map(file -> new Member(file, false)).toList();
  }

  private void refuse(String stem, Wrong wrong) {
    take(stem, own(stem), wrong);
  }

  private void take(String stem, List<Member> members, @Nullable Wrong wrong) {
    var files = new ArrayList<>(members.stream().map(Member::file).toList());
    files.addAll(place.defaults());
    if (files.stream().allMatch(timing::settled) && !beside.surelyGrows(stem, timing.patience())) {
      add(stem, members, wrong);
    } else {
      waits(stem, files, null);
    }
  }

  private void waits(String stem, List<Dropped> files, @Nullable Fault lack) {
    var folder = place.subPath().isEmpty() ? "" : place.subPath() + "/";
    waiting.add(new Waiting(place.profile() + "/" + folder + stem, List.copyOf(files), lack));
  }

  private void add(String stem, List<Member> members, @Nullable Wrong wrong) {
    if (wrong != null) {
      faults.put(stem, wrong.fault());
    }
    ready.add(
        new Bundle(
            all(stem).get(0).path(),
            place.profile(),
            place.subPath(),
            stem,
            List.copyOf(members),
            place.defaults().stream().map(Dropped::path).toList(),
            wrong == null ? null : Failure.of(wrong.failureClass(), wrong.message())));
  }

  /** Every file of the stem; the recording first, for it leads. */
  private List<Dropped> all(String stem) {
    var all = new ArrayList<>(list(audios, stem));
    all.addAll(list(images, stem));
    all.addAll(list(sidecars, stem));
    return all;
  }

  private static List<Dropped> list(Map<String, List<Dropped>> byStem, String stem) {
    return byStem.getOrDefault(stem, List.of());
  }
}
