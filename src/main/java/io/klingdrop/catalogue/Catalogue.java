package io.klingdrop.catalogue;

import io.klingdrop.job.Suggest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.util.function.Suppliers;

/**
 * All models and profiles: those that come with the program, and the working folder's own, which
 * add to them or take their place. Immutable and safe for concurrent use.
 *
 * <p>Shipped models that no profile uses are read when first asked for.
 */
public final class Catalogue {
  private final Map<ModelKey, Supplier<Model>> models;
  private final Map<String, Profile> profiles;

  private Catalogue(Map<ModelKey, Supplier<Model>> models, Map<String, Profile> profiles) {
    this.models = Collections.unmodifiableMap(models);
    this.profiles = Collections.unmodifiableMap(profiles);
  }

  /**
   * Reads the shipped files and those of configuration folders.
   *
   * @param configFolders folders that may hold {@code models/**} and {@code profiles/*} with {@code
   *     .yaml} files; later ones win; folders that do not exist are passed over
   * @throws CatalogueException naming every fault of every file
   */
  public static Catalogue load(List<Path> configFolders) {
    List<String> problems = new ArrayList<>();
    Map<ModelKey, Supplier<Model>> models = new LinkedHashMap<>();
    Map<String, Profile> profiles = new LinkedHashMap<>();
    for (BuiltIn.Entry entry : BuiltIn.models()) {
      models.put(entry.model(), Suppliers.memorize(() -> builtIn(entry.path())));
    }
    for (String file : BuiltIn.profiles()) {
      String name = file.substring(0, file.lastIndexOf('.'));
      ProfileReader.read(name, BuiltIn.yaml("config/profiles/" + file), problems)
          .ifPresent(profile -> profiles.put(name, profile));
    }
    for (Path folder : configFolders) {
      var own = new ConfigFolder(folder, problems);
      own.models().forEach((key, model) -> models.put(key, () -> model));
      profiles.putAll(own.profiles());
    }
    var catalogue = new Catalogue(models, profiles);
    profiles.values().forEach(profile -> problems.addAll(catalogue.problems(profile)));
    if (!problems.isEmpty()) {
      throw new CatalogueException(problems);
    }
    return catalogue;
  }

  public Optional<Profile> profile(String name) {
    return Optional.ofNullable(profiles.get(name));
  }

  /** All profiles: the shipped ones first, then the others in the order read. */
  public Collection<Profile> profiles() {
    return profiles.values();
  }

  public Optional<Model> model(String provider, String id) {
    return Optional.ofNullable(models.get(new ModelKey(provider, id))).map(Supplier::get);
  }

  /** The model of a profile, which {@link #load} has made sure of. */
  public Model modelOf(Profile profile) {
    return model(profile.provider(), profile.model())
        .orElseThrow(
            () -> new IllegalArgumentException("not a profile of this catalogue: " + profile));
  }

  /** All models; those not read yet are read now. */
  public Collection<Model> models() {
    return models.values().stream().map(Supplier::get).toList();
  }

  /**
   * One sentence for each value of a profile that its model would refuse; it takes too long for
   * {@link #load}.
   */
  public List<String> checkProfiles() {
    List<String> problems = new ArrayList<>();
    for (Profile profile : profiles.values()) {
      RequestComposer.compose(modelOf(profile), profile.parameters()).findings().stream()
          .filter(Finding::refuses)
          .filter(finding -> profile.parameters().get(finding.key()).isPresent())
          .forEach(finding -> problems.add(finding.message()));
    }
    return List.copyOf(problems);
  }

  private List<String> problems(Profile profile) {
    Optional<Model> model = model(profile.provider(), profile.model());
    if (model.isPresent()) {
      return ProfileReader.problems(profile, model.get());
    }
    String provider = profile.provider();
    List<String> known =
        models.keySet().stream()
            .filter(key -> key.provider().equals(provider))
            .map(ModelKey::id)
            .toList();
    List<String> providers = models.keySet().stream().map(ModelKey::provider).distinct().toList();
    String problem =
        known.isEmpty()
            ? "provider %s has no models here%s"
                .formatted(Words.clean(provider), Suggest.hint(provider, providers))
            : "model %s of %s is not in the catalogue%s"
                .formatted(
                    Words.clean(profile.model()), provider, Suggest.hint(profile.model(), known));
    return List.of(profile.origin() + ": " + problem);
  }

  private static Model builtIn(String path) {
    List<String> problems = new ArrayList<>();
    return ModelReader.read(BuiltIn.yaml("config/models/" + path), problems)
        .orElseThrow(() -> new CatalogueException(problems));
  }
}
