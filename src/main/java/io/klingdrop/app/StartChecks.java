package io.klingdrop.app;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.CatalogueException;
import io.klingdrop.health.FolderCheck;
import io.klingdrop.http.HttpPort;
import io.klingdrop.process.DataLock;
import io.klingdrop.process.StartException;
import io.klingdrop.process.SteeringFolders;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be true before a service may open anything of its own. */
public final class StartChecks {
  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

  private StartChecks() {}

  /** Looks at the folders, makes what is missing, and takes the data folder for this service. */
  static DataLock takeFolders(Settings settings) {
    refuse(strangers(settings));
    refuse(FolderCheck.prepare(settings.folders()));
    return DataLock.take(settings.folders().data());
  }

  /** What others could change that steers this program, one sentence each. */
  static List<String> strangers(Settings settings) {
    return SteeringFolders.problems(
        settings.workingFolder(), settings.values().getOrDefault(SteeringFolders.KEY, ""));
  }

  static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new StartException(String.join("\n", problems));
    }
  }

  /**
   * Whether there is to be an HTTP port; asked before anything is opened that a second program
   * would get in the way of. The usual port is given up if somebody else has it, unless callbacks
   * are to come in there: several studios on one machine need no setting each. Any other is a
   * reason not to start.
   */
  static boolean hasPort(Settings settings) {
    if (!settings.http().on()) {
      return false;
    }
    try {
      HttpPort.requireFree(settings);
      return true;
    } catch (IOException e) {
      if (settings.http().usual() && !settings.callback().on()) {
        LOG.warn("{} It goes on without: no API, no health, no metrics.", e.getMessage());
        return false;
      }
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  /** The catalogue of a working folder; a {@link StartException} says every fault of it. */
  public static Catalogue catalogue(Settings settings) {
    var config = settings.workingFolder().resolve("config");
    try {
      return Catalogue.load(Files.isDirectory(config) ? List.of(config) : List.of());
    } catch (CatalogueException e) {
      throw new StartException(String.join("\n", e.problems()));
    }
  }
}
