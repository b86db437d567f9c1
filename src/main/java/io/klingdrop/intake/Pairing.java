package io.klingdrop.intake;

import io.klingdrop.intake.Bundle.Member;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one folder at one moment, which files form a bundle. Pure: it knows only the
 * readings it is given. Never guesses: two candidates for one place are refused together.
 */
final class Pairing {
  private final Place place;
  private final Timing timing;
  private final Predicate<Path> served;
  private final Map<String, List<Dropped>> images = new TreeMap<>();
  private final Map<String, List<Dropped>> audios = new TreeMap<>();
  private final Map<String, List<Dropped>> sidecars = new TreeMap<>();
  private final List<Dropped> folderImages = new ArrayList<>();
  private final List<Bundle> ready = new ArrayList<>();
  private int waiting;

  /** The folder: its profile, what that needs, and the defaults that apply, outermost first. */
  record Place(String profile, String subPath, Needs needs, List<Dropped> defaults) {}

  /** How long a file must be unchanged, and how long a half waits after that. */
  record Timing(Duration settle, Duration pairWindow) {}

  /**
   * What a folder yields now.
   *
   * @param ready bundles to take, good ones and refused ones
   * @param waiting how many groups of files still settle or wait for their other half
   */
  record Outcome(List<Bundle> ready, int waiting) {}

  private Pairing(Place place, Timing timing, Predicate<Path> served) {
    this.place = place;
    this.timing = timing;
    this.served = served;
  }

  /**
   * Pairs the files of one folder.
   *
   * @param served whether a file has served as a shared input before
   */
  static Outcome pair(
      Place place, Timing timing, Predicate<Path> served, Collection<Dropped> files) {
    var pairing = new Pairing(place, timing, served);
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
    sidecars
        .values()
        .forEach(
            list ->
                list.removeIf(
                    file ->
                        InboxRules.ownNote(file.name())
                            .filter(stem -> !images.containsKey(stem) && !audios.containsKey(stem))
                            .isPresent()));
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
    return new Outcome(List.copyOf(ready), waiting);
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
      half(stem, own, unpaired("no picture called " + stem + " came within the pair window"));
      return;
    }
    if (image.size() > 1) {
      whenSettled(own, unpaired(several("pictures", image)), stem);
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
      half(stem, own, unpaired("no sidecar came within the pair window; the profile asks for one"));
      return;
    }
    take(stem, list(audios, stem).get(0).path(), members, null);
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
    var cut = stem.lastIndexOf("__");
    return cut <= 0 ? List.of() : list(byStem, stem.substring(0, cut));
  }

  private boolean serves(String stem) {
    return audios.keySet().stream()
        .anyMatch(
            other ->
                other.lastIndexOf("__") > 0
                    && other.substring(0, other.lastIndexOf("__")).equals(stem)
                    && !images.containsKey(other));
  }

  /** A picture without a recording of its own, in a profile whose model takes one. */
  private void portrait(String stem) {
    var own = all(stem);
    if (list(images, stem).size() > 1) {
      whenSettled(own, unpaired(several("pictures", list(images, stem))), stem);
    } else if (speaks(stem)) {
      picture(stem);
    } else if (!serves(stem) && !served.test(list(images, stem).get(0).path())) {
      half(stem, own, unpaired("no recording called " + stem + " came within the pair window"));
    }
  }

  /** Whether a sidecar of the stem, once it has settled, stands in for the recording. */
  private boolean speaks(String stem) {
    return list(sidecars, stem).stream()
        .filter(file -> file.unchanged().compareTo(timing.settle()) >= 0)
        .anyMatch(file -> place.needs().speaks().test(file.path()));
  }

  /** A picture that needs no recording. */
  private void picture(String stem) {
    var own = all(stem);
    var competing = competing(stem);
    if (competing != null) {
      whenSettled(own, competing, stem);
    } else if (audios.containsKey(stem)) {
      whenSettled(own, noAudio(), stem);
    } else if (needsSidecar() && !sidecars.containsKey(stem)) {
      half(stem, own, unpaired("no prompt (" + stem + ".txt) came within the pair window"));
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
                    unpaired("this sidecar's media did not come within the pair window")));
  }

  private void unknownProfile(String stem) {
    whenSettled(
        all(stem),
        Failure.of(
            FailureClass.INVALID,
            "the inbox folder %s is not a profile; klingdrop doctor lists the profiles"
                .formatted(place.profile())),
        stem);
  }

  private @Nullable Failure competing(String stem) {
    if (list(images, stem).size() > 1) {
      return unpaired(several("pictures", list(images, stem)));
    }
    if (list(audios, stem).size() > 1) {
      return unpaired(several("recordings", list(audios, stem)));
    }
    var structured =
        list(sidecars, stem).stream().filter(file -> InboxRules.structured(file.name())).toList();
    return structured.size() > 1 ? unpaired(several("sidecars", structured)) : null;
  }

  private Failure noAudio() {
    return Failure.of(
        FailureClass.INVALID,
        "the model of profile %s takes no recording, only a picture and a prompt; use an avatar"
                .formatted(place.profile())
            + " profile for talking pictures");
  }

  private static Failure unpaired(String message) {
    return Failure.of(FailureClass.UNPAIRED, message);
  }

  private static String several(String what, List<Dropped> files) {
    return "%s compete for one place: %s; klingdrop does not guess"
        .formatted(what, String.join(", ", files.stream().map(Dropped::name).sorted().toList()));
  }

  /** Waits for the other half until the pair window has passed since the files settled. */
  private void half(String stem, List<Dropped> files, Failure failure) {
    var patience = timing.settle().plus(timing.pairWindow());
    if (files.stream().allMatch(file -> file.unchanged().compareTo(patience) >= 0)) {
      add(stem, files.get(0).path(), own(files), failure);
    } else {
      waiting++;
    }
  }

  private void whenSettled(List<Dropped> files, Failure failure, String stem) {
    take(stem, files.get(0).path(), own(files), failure);
  }

  private static List<Member> own(List<Dropped> files) {
    return files.stream().map(file -> new Member(file, false)).toList();
  }

  private void take(String stem, Path lead, List<Member> members, @Nullable Failure failure) {
    var all = new ArrayList<>(members.stream().map(Member::file).toList());
    all.addAll(place.defaults());
    if (all.stream().allMatch(file -> file.unchanged().compareTo(timing.settle()) >= 0)) {
      add(stem, lead, members, failure);
    } else {
      waiting++;
    }
  }

  private void add(String stem, Path lead, List<Member> members, @Nullable Failure failure) {
    ready.add(
        new Bundle(
            lead,
            place.profile(),
            place.subPath(),
            stem,
            List.copyOf(members),
            place.defaults().stream().map(Dropped::path).toList(),
            failure));
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
