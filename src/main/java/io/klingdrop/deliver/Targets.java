package io.klingdrop.deliver;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.job.Job;
import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** Where the results of each job go: as its profile says, else as the settings say. Immutable. */
public record Targets(Catalogue catalogue, Settings settings) {
  /** The targets of a job, at least one. */
  List<String> of(Job job) {
    return catalogue
        .profile(job.profile())
        .map(profile -> profile.targets())
        .filter(targets -> !targets.isEmpty())
        .orElse(settings.deliver().targets());
  }

  public boolean use(String target) {
    return settings.deliver().targets().contains(target)
        || catalogue.profiles().stream().anyMatch(p -> p.targets().contains(target));
  }

  /** What is wrong with the targets of profiles, one sentence each; empty if all is well. */
  public List<String> problems() {
    var problems = new ArrayList<String>();
    for (var profile : catalogue.profiles()) {
      for (var target : profile.targets()) {
        if (!Settings.Deliver.TARGETS.contains(target)) {
          problems.add(
              "%s: the target '%s' is not known; there are: %s"
                  .formatted(
                      profile.origin(), target, String.join(", ", Settings.Deliver.TARGETS)));
        } else if (target.equals(Bucket.TARGET) && !settings.s3().usable()) {
          problems.add(profile.origin() + ": the target s3 needs klingdrop.s3.bucket");
        }
      }
    }
    return problems;
  }
}
