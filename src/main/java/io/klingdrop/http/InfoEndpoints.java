package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How things stand as a whole; {@code endpoints} are what the OpenAPI document describes. */
record InfoEndpoints(
    Settings settings,
    Catalogue catalogue,
    JobQueries queries,
    InstantSource clock,
    Supplier<Map<Role, Set<String>>> kinds,
    Supplier<List<Endpoint>> endpoints) {
  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            OpsPaths.API + "/counts",
            "http-count-jobs",
            "Counts the jobs in each state",
            request -> counts()),
        Endpoint.get(
            OpsPaths.API + "/profiles",
            "http-list-profiles",
            "Lists the profiles that bundles can be dropped for, and the kinds of files they take",
            request -> profiles()),
        Endpoint.get(
            OpsPaths.API + "/spending",
            "http-tell-spending",
            "Tells the credits spent or reserved this UTC day, by profile, and the caps",
            request -> spending()),
        Endpoint.get(
            OpsPaths.API + "/openapi.json",
            "http-describe-api",
            "Describes this API",
            request -> Answer.json(OpenApi.of(endpoints.get()))));
  }

  private Answer counts() {
    var json = JsonNodeFactory.instance.objectNode();
    var states = json.putObject("states");
    queries.counts().byState().forEach((state, count) -> states.put(state.name(), count));
    return Answer.json(json);
  }

  private Answer profiles() {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("profiles");
    catalogue.profiles().stream()
        .sorted(java.util.Comparator.comparing(profile -> profile.name()))
        .forEach(
            profile ->
                list.addObject()
                    .put("name", profile.name())
                    .put("provider", profile.provider())
                    .put("model", profile.model()));
    var files = json.putObject("kinds");
    for (var kind : new TreeMap<>(kinds.get()).entrySet()) {
      kind.getValue().stream().sorted().forEach(files.putArray(kind.getKey().word())::add);
    }
    return Answer.json(json);
  }

  private Answer spending() {
    var day = clock.instant().truncatedTo(ChronoUnit.DAYS);
    var json = JsonNodeFactory.instance.objectNode();
    json.put("since", day.toString());
    var profiles = json.putObject("profiles");
    var sum = 0.0;
    for (var entry : queries.counts().spent(clock.instant()).entrySet()) {
      profiles.put(entry.getKey(), entry.getValue());
      sum += entry.getValue();
    }
    json.put("credits", sum);
    json.put("cap", settings.budget().creditsPerDay());
    var caps = json.putObject("caps");
    for (var profile : catalogue.profiles()) {
      if (profile.creditsPerDay() != null) {
        caps.put(profile.name(), profile.creditsPerDay());
      }
    }
    json.put("held", queries.counts().held());
    return Answer.json(json);
  }
}
