package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Names;
import io.klingdrop.job.JobId;
import io.klingdrop.job.Text;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that sources give one after the other; the inbox pairs them as if a person had dropped
 * them.
 *
 * @param turn who has it gives names
 * @param taken what was taken of late from sources that tell versions apart
 */
record SourceFiles(
    Settings settings,
    Grounds grounds,
    InstantSource clock,
    ReentrantLock turn,
    Map<Arrival, String> taken) {
  private static final Logger LOG = LoggerFactory.getLogger(SourceFiles.class);

  /**
   * Puts one file into the inbox, under the profile in the property {@code profile} and the folders
   * it came with. What is no file of a bundle by its name stays where it is, at the source. A file
   * that lies there already with the same bytes is not written again, nor is an object that its
   * bucket did not remove although it was taken.
   *
   * @throws IOException if another file has its name, or the inbox refuses
   */
  void receive(Exchange exchange) throws IOException, InvalidPayloadException {
    var arrival = Arrival.of(exchange);
    if (arrival.isFolder()) {
      return;
    }
    var path = Names.safePath(arrival.name());
    var inbox = settings.folders().inbox();
    var named = exchange.getProperty("profile", "", String.class);
    var profile = named.isEmpty() ? settings.inbox().defaultProfile() : named;
    var top = inbox.resolve(Names.safe(profile));
    var target = top.resolve(fitting(path));
    if (!welcome(path) || !InboxScan.reaches(inbox, target)) {
      LOG.info("{} is no file of a bundle; it stays where it is", Text.oneLine(path, 200));
      Arrival.leaveAtSource(exchange);
      return;
    }
    if (taken.containsKey(arrival)) {
      LOG.warn(
          "{} was taken and could not be removed at its source; it is not taken again",
          Text.oneLine(path, 200));
      return;
    }
    grounds.require(inbox);
    Files.createDirectories(InboxScan.above(target));
    var part = Landing.part(top, JobId.make(clock.instant()), 0, grounds.sharing());
    try {
      try (var in = exchange.getMessage().getMandatoryBody(InputStream.class)) {
        place(Landing.write(in, part, Names.extension(path)), target);
      }
      CrashPoint.at("intake.received");
      if (!arrival.version().isEmpty()) {
        taken.put(arrival, path);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Whether a source's file may be one of a bundle, or of the parameters of a folder. */
  private static boolean welcome(String path) {
    var name = path.substring(path.lastIndexOf('/') + 1);
    return Arrays.stream(path.split("/", -1)).noneMatch(InboxRules::junk)
        && InboxRules.ownNote(name).isEmpty()
        && InboxScan.means(name);
  }

  /** The path with names that a file system takes; files of one stem keep one stem. */
  private static String fitting(String path) {
    var names = path.split("/", -1);
    for (int n = 0; n < names.length - 1; n++) {
      names[n] = Landing.cut(names[n]);
    }
    var last = names[names.length - 1];
    names[names.length - 1] = Landing.cut(Names.stem(last)) + Names.extension(last);
    return String.join("/", names);
  }

  private void place(Landing file, Path target) throws IOException {
    turn.lock();
    try {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
          && !Landing.holds(target, file.bytes(), file.sha256())) {
        throw new IOException("another file waits in the inbox as " + target.getFileName());
      }
      grounds.sharing().place(file.part(), target);
    } finally {
      turn.unlock();
    }
  }
}
