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
  private final Supplier<NearNames> all = Suppliers.memorize(() -> new NearNames(allNames()));
  private final Supplier<NearNames> orphanPrompts =
      Suppliers.memorize(() -> new NearNames(orphanSidecars()));
  private final Supplier<NearNames> orphanPictures =
      Suppliers.memorize(() -> new NearNames(orphanImages()));
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

  /**
   * What a folder yields now.
   *
   * @param ready bundles to take, good ones and refused ones
   * @param waiting the groups of files that still settle or wait for their other half
   * @param faults what is wrong with the refused ones, by their names
   */
  record Outcome(List<Bundle> ready, List<Waiting> waiting, Map<String, Fault> faults) {}

  /**
   * Files of one stem that are not taken yet.
   *
   * @param name their profile, sub path and stem
   * @param lack what they wait for; null if they only settle
   */
  record Waiting(String name, List<Dropped> files, @Nullable Fault lack) {}

  /** Why a bundle is refused: for programs and for people. */
  private record Wrong(Fault fault, Failure failure) {}

  private Pairing(Place place, Timing timing, Predicate<Path> served, Beside beside) {
    this.place = place;
    this.timing = timing;
    this.served = served;
    this.beside = beside;
  }

  /**
   * Pairs the files of one folder.
   *
   * @param served whether a file has served as a shared input before
   * @param beside what else lies in the folder
   */
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
      stems().forEach(this::unknownProfile);
    } else if (needs.audio()) {
      audios.keySet().forEach(this::voice);
      images.keySet().stream().filter(stem -> !audios.containsKey(stem)).forEach(this::portrait);
      lone(stem -> !audios.containsKey(stem) && !images.containsKey(stem));
    } else {
      images.keySet().forEach(this::picture);
      audios.keySet().stream()
          .filter(stem -> !images.containsKey(stem))
          .forEach(stem -> half(stem, all(stem), noAudio()));
      lone(stem -> !audios.containsKey(stem) && !images.containsKey(stem));
    }
    return new Outcome(List.copyOf(ready), List.copyOf(waiting), Map.copyOf(faults));
  }

  /** A stem with a recording, in a profile whose model takes one. */
  private void voice(String stem) {
    var own = all(stem);
    var competing = competing(stem);
    if (competing != null) {
      whenSettled(own, competing, stem);
      return;
    }
    var image = imageFor(stem);
    if (image.isEmpty()) {
      half(
          stem,
          own,
          unpaired(
              Fault.NO_PICTURE, "no picture called " + stem + " came within " + timing.words()));
      return;
    }
    if (image.size() > 1) {
      whenSettled(own, unpaired(Fault.TOO_MANY, several("pictures", image)), stem);
      return;
    }
    var meant = meant(stem, image.get(0));
    if (meant != null) {
      whenSettled(own, meant, stem);
      return;
    }
    var picture = image.get(0);
    var borrowed = !picture.stem().equals(stem) || InboxRules.folderImage(picture.name());
    var shared = borrowed || serves(stem);
    var borrowedSidecars =
        sidecars.containsKey(stem) ? List.<Dropped>of() : parentOf(stem, sidecars);
    var members = new ArrayList<Member>();
    members.add(new Member(picture, shared));
    members.add(new Member(list(audios, stem).get(0), false));
    list(sidecars, stem).forEach(file -> members.add(new Member(file, !borrowed && shared)));
    borrowedSidecars.forEach(file -> members.add(new Member(file, true)));
    if (needsSidecar() && members.size() == 2) {
      half(
          stem,
          own,
          unpaired(
              Fault.NO_SIDECAR,
              "no sidecar came within " + timing.words() + "; the profile asks for one"));
      return;
    }
    take(stem, list(audios, stem).get(0).path(), members, null);
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

  /** Sidecars that belong to no picture or recording here. */
  private List<String> orphanSidecars() {
    return sidecars.entrySet().stream()
        .filter(entry -> !images.containsKey(entry.getKey()))
        .filter(entry -> !audios.containsKey(entry.getKey()) && !serves(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .map(Dropped::name)
        .toList();
  }

  /** Pictures that belong to no recording here. */
  private List<String> orphanImages() {
    return images.entrySet().stream()
        .filter(entry -> !audios.containsKey(entry.getKey()) && !serves(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .map(Dropped::name)
        .toList();
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
    var own = all(stem);
    if (list(images, stem).size() > 1) {
      whenSettled(own, unpaired(Fault.TOO_MANY, several("pictures", list(images, stem))), stem);
    } else if (speaks(stem)) {
      picture(stem);
    } else if (!serves(stem) && !served.test(list(images, stem).get(0).path())) {
      half(
          stem,
          own,
          unpaired(
              Fault.NO_RECORDING,
              "no recording called " + stem + " came within " + timing.words()));
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
    var own = all(stem);
    var competing = competing(stem);
    if (competing != null) {
      whenSettled(own, competing, stem);
      return;
    }
    if (audios.containsKey(stem)) {
      whenSettled(own, noAudio(), stem);
      return;
    }
    var meant = sidecars.containsKey(stem) ? null : prompt(stem, stem);
    if (meant != null) {
      whenSettled(own, meant, stem);
    } else if (needsSidecar() && !sidecars.containsKey(stem)) {
      half(
          stem,
          own,
          unpaired(Fault.NO_SIDECAR, "no prompt (" + stem + ".txt) came within " + timing.words()));
    } else {
      var members = own.stream().map(file -> new Member(file, false)).toList();
      take(stem, list(images, stem).get(0).path(), members, null);
    }
  }

  private boolean needsSidecar() {
    return place.needs().sidecar() || (place.needs().prompt() && place.defaults().isEmpty());
  }

  private void lone(Predicate<String> stems) {
    sidecars.keySet().stream()
        .filter(stems)
        .filter(stem -> list(sidecars, stem).stream().noneMatch(file -> served.test(file.path())))
        .filter(stem -> !serves(stem))
        .forEach(
            stem ->
                half(
                    stem,
                    all(stem),
                    unpaired(
                        Fault.NO_PICTURE,
                        "this sidecar's media did not come within " + timing.words())));
  }

  private void unknownProfile(String stem) {
    whenSettled(
        all(stem),
        invalid(
            Fault.NO_PROFILE,
            "the inbox folder %s is not a profile%s; klingdrop doctor lists the profiles"
                .formatted(place.profile(), nearProfile())),
        stem);
  }

  private String nearProfile() {
    var near = place.needs().near();
    return near.isEmpty()
        ? ""
        : "; did you mean %s? Upper and lower case and blanks count".formatted(near);
  }

  private @Nullable Wrong competing(String stem) {
    if (list(images, stem).size() > 1) {
      return unpaired(Fault.TOO_MANY, several("pictures", list(images, stem)));
    }
    if (list(audios, stem).size() > 1) {
      return unpaired(Fault.TOO_MANY, several("recordings", list(audios, stem)));
    }
    var structured =
        list(sidecars, stem).stream().filter(file -> InboxRules.structured(file.name())).toList();
    return structured.size() > 1 ? unpaired(Fault.TOO_MANY, several("sidecars", structured)) : null;
  }

  private Wrong noAudio() {
    return invalid(
        Fault.RECORDING_NOT_TAKEN,
        "the model of profile %s takes no recording, only a picture and a prompt; use an avatar"
                .formatted(place.profile())
            + " profile for talking pictures");
  }

  private static Wrong unpaired(Fault fault, String message) {
    return new Wrong(fault, Failure.of(FailureClass.UNPAIRED, message));
  }

  private static Wrong invalid(Fault fault, String message) {
    return new Wrong(fault, Failure.of(FailureClass.INVALID, message));
  }

  private static String several(String what, List<Dropped> files) {
    return "%s compete for one place: %s; klingdrop does not guess"
        .formatted(what, String.join(", ", files.stream().map(Dropped::name).sorted().toList()));
  }

  /** Waits for the other half until the pair window has passed since the files settled. */
  private void half(String stem, List<Dropped> files, Wrong wrong) {
    var patience = timing.patience();
    if (files.stream().allMatch(file -> file.unchanged().compareTo(patience) >= 0)
        && !beside.grows(mayServe(stem), patience)) {
      add(stem, files.get(0).path(), own(files), hinted(stem, wrong));
    } else {
      waits(stem, files, wrong.fault());
    }
  }

  private Wrong hinted(String stem, Wrong wrong) {
    var failure = wrong.failure();
    return new Wrong(
        wrong.fault(),
        Failure.of(failure.failureClass(), failure.message() + beside.hint(stem, all.get())));
  }

  private List<String> allNames() {
    return Stream.of(images, audios, sidecars)
        .flatMap(byStem -> byStem.values().stream())
        .flatMap(List::stream)
        .map(Dropped::name)
        .toList();
  }

  /** The stems that files of a bundle may have: its own, its parent's and the folder's. */
  private static Set<String> mayServe(String stem) {
    return parent(stem)
        .map(parent -> Set.of(stem, parent, InboxRules.FOLDER_IMAGE))
        .orElse(Set.of(stem, InboxRules.FOLDER_IMAGE));
  }

  private void whenSettled(List<Dropped> files, Wrong wrong, String stem) {
    take(stem, files.get(0).path(), own(files), wrong);
  }

  private static List<Member> own(List<Dropped> files) {
    return files.stream().map(file -> new Member(file, false)).toList();
  }

  private void take(String stem, Path lead, List<Member> members, @Nullable Wrong wrong) {
    var all = new ArrayList<>(members.stream().map(Member::file).toList());
    all.addAll(place.defaults());
    if (all.stream().allMatch(timing::settled)
        && !beside.surelyGrows(Set.of(stem), timing.patience())) {
      add(stem, lead, members, wrong);
    } else {
      waits(stem, all, null);
    }
  }

  private void waits(String stem, List<Dropped> files, @Nullable Fault lack) {
    var folder = place.subPath().isEmpty() ? "" : place.subPath() + "/";
    waiting.add(new Waiting(place.profile() + "/" + folder + stem, List.copyOf(files), lack));
  }

  private void add(String stem, Path lead, List<Member> members, @Nullable Wrong wrong) {
    if (wrong != null) {
      faults.put(stem, wrong.fault());
    }
    ready.add(
        new Bundle(
            lead,
            place.profile(),
            place.subPath(),
            stem,
            List.copyOf(members),
            place.defaults().stream().map(Dropped::path).toList(),
            wrong == null ? null : wrong.failure()));
  }

  private List<String> stems() {
    var stems = new java.util.TreeSet<>(images.keySet());
    stems.addAll(audios.keySet());
    stems.addAll(sidecars.keySet());
    return List.copyOf(stems);
  }

  /** Every file of the stem; the recording first, for it leads. */
  private List<Dropped> all(String stem) {
    var all = new ArrayList<>(list(audios, stem));
    all.addAll(list(images, stem));
    all.addAll(list(sidecars, stem));
    return all;
  }

  private static List<Dropped> list(Map<String, List<Dropped>> byStem, String stem) {
    return Optional.ofNullable(byStem.get(stem)).orElse(List.of());
  }
}
