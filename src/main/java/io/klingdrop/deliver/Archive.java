package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Fitting;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Names;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.Folders;
import io.klingdrop.stage.WorkFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Puts the sources of a delivered job away, names kept, and clears its work folder. May be cut off
 * and done again. Copies of shared inputs are not archived: their originals are still in the inbox.
 */
public record Archive(
    Ledger ledger, JobClaims claims, JobQueries queries, Folders folders, Grounds grounds) {
  /**
   * Delivered jobs whose sources still wait to be put away; none while the archive is not there.
   */
  public List<Job> claimUnfiled() {
    if (grounds.fault(folders.archive()).isPresent()) {
      return List.of();
    }
    return claims.claimUnfiled(Set.of(JobState.DELIVERED), 16, Duration.ofMinutes(5));
  }

  public Job keepSources(Job job) throws IOException {
    var home = job.home() == null ? null : Path.of(job.home());
    if (home != null) {
      grounds.require(folders.archive());
      var folder = Fitting.folder(folders.archive(), job.profile(), job.subPath());
      for (var file : job.files()) {
        keep(file, PlainNames.find(home, file.name()), folder);
      }
      AtomicFiles.clearNotes(home);
      CrashPoint.at("archive.notes-cleared");
    }
    var filed = ledger.filed(job, null);
    CrashPoint.at("archive.filed-committed");
    new WorkFolders(folders, grounds.sharing(), queries).clear(filed);
    CrashPoint.at("archive.work-cleared");
    return filed;
  }

  private void keep(BundleFile file, Path source, Path folder) throws IOException {
    if (!file.shared() && Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      CrashPoint.at("archive.before-move");
      Fitting.first(
          folder,
          PlainNames.tries(Names.safe(file.name())).stream().map(n -> free(folder, n)).toList(),
          target -> grounds.sharing().place(source, target));
      CrashPoint.at("archive.moved");
    }
  }

  private static String free(Path folder, String name) {
    return Names.free(folder, Names.stem(name), Names.extension(name));
  }
}
