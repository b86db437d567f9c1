package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Moves;
import io.klingdrop.files.Names;
import io.klingdrop.job.Headers;
import io.klingdrop.job.JobId;
import io.klingdrop.job.Text;
import io.klingdrop.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the inbox for other routes: whole bundles, or single files that the inbox pairs as
 * if a person had dropped them. Nothing is visible there before it is whole. Thread-safe.
 */
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final int REMEMBERED = 10_000;

  private final Path inbox;
  private final String defaultProfile;
  private final Grounds grounds;
  private final InstantSource clock;

  /** What was taken of late from sources that tell versions apart. */
  private final Map<Arrival, String> taken = LRUCacheFactory.newLRUCache(REMEMBERED);

  /** The entrance to the inbox of these settings. */
  public Entrance(Settings settings, Grounds grounds, InstantSource clock) {
    this.grounds = grounds;
    this.inbox = settings.folders().inbox();
    this.defaultProfile = settings.inbox().defaultProfile();
    this.clock = clock;
  }

  /**
   * Puts one bundle into the inbox. The body is a map of file names and contents (anything Camel
   * can read as a stream) or a folder, as a path, whose files are copied; the header {@code
   * KlingdropProfile} is the profile, {@code KlingdropName} what the result is to be called. The
   * body becomes the id that the job will have.
   *
   * @throws IllegalArgumentException if the files are not one bundle
   * @throws IOException if the inbox refuses; nothing is left there
   */
  public void submit(Exchange exchange) throws IOException, InvalidPayloadException {
    var message = exchange.getMessage();
    var contents = contents(exchange);
    var name = message.getHeader(Headers.NAME, String.class);
    var profile = Names.safe(message.getHeader(Headers.PROFILE, defaultProfile, String.class));
    var stem = Names.safe(name == null ? commonStem(contents) : name);
    for (var word : List.of(profile, stem)) {
      if (InboxRules.junk(word) || Foreign.conflictCopy(word + ".x")) {
        throw new IllegalArgumentException(
            "neither a bundle nor a profile can be called " + Text.oneLine(word, 100));
      }
    }
    grounds.require(inbox);
    var folder = Files.createDirectories(inbox.resolve(profile));
    var id = JobId.make(clock.instant());
    var parts = new LinkedHashMap<Path, String>();
    try {
      for (var entry : contents.entrySet()) {
        var part = folder.resolve("." + id + "." + parts.size() + ".part");
        parts.put(part, Names.extension(entry.getKey()));
        write(exchange, entry.getValue(), part);
      }
      reveal(folder, stem, id, parts);
    } finally {
      for (var part : parts.keySet()) {
        Files.deleteIfExists(part);
      }
    }
    message.setBody(id);
    message.setHeader(Headers.JOB_ID, id);
  }

  /** Gives the files their names, one bundle after the other; a name that is taken gets ~2. */
  private synchronized void reveal(Path folder, String stem, String id, Map<Path, String> parts)
      throws IOException {
    var name = stem;
    for (int n = 2; taken(folder, name); n++) {
      name = Names.fit(stem, "~" + n);
    }
    AskedId.keep(folder, name, id);
    for (var part : parts.entrySet()) {
      Moves.move(part.getKey(), folder.resolve(Names.fit(name, part.getValue())));
    }
  }

  private static boolean taken(Path folder, String name) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(
              other ->
                  other.equals("." + name + ".job")
                      || InboxRules.stem(other).equals(InboxRules.stem(name + ".x")));
    }
  }

  private static Map<String, Object> contents(Exchange exchange)
      throws IOException, InvalidPayloadException {
    var body = exchange.getMessage().getMandatoryBody();
    var contents = new TreeMap<String, Object>();
    if (body instanceof Map<?, ?> map) {
      map.forEach((name, content) -> contents.put(String.valueOf(name), content));
    } else {
      var folder = body instanceof File file ? file.toPath() : Path.of(body.toString());
      try (var files = Files.list(folder)) {
        files
            .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .filter(file -> !InboxRules.junk(file.getFileName().toString()))
            .forEach(file -> contents.put(file.getFileName().toString(), file));
      }
    }
    var extensions = contents.keySet().stream().map(Names::extension).distinct().count();
    if (contents.isEmpty() || extensions < contents.size()) {
      throw new IllegalArgumentException(
          "a bundle has a picture, a recording and at most one file of any other extension");
    }
    for (var name : contents.keySet()) {
      if (InboxRules.role(name).isEmpty()) {
        throw new IllegalArgumentException(
            Text.oneLine(name, 100) + " is no picture, recording or sidecar by its name");
      }
    }
    return contents;
  }

  private static String commonStem(Map<String, Object> contents) {
    return Names.stem(contents.keySet().iterator().next());
  }

  private static void write(Exchange exchange, @Nullable Object content, Path part)
      throws IOException {
    if (content instanceof Path file) {
      Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    } else {
      try (InputStream in =
          exchange
              .getContext()
              .getTypeConverter()
              .convertTo(InputStream.class, exchange, content)) {
        if (in == null) {
          throw new IllegalArgumentException("a file of the bundle has no content");
        }
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Moves.sync(part);
  }

  /**
   * Puts one file into the inbox, under the profile in the property {@code profile} and the folders
   * it came with. What is no file of a bundle by its name stays where it is, at the source. A file
   * that lies there already with the same bytes is not written again, nor is an object that its
   * bucket did not remove although it was taken.
   *
   * @throws IOException if another file has its name, or the inbox refuses
   */
  public void receive(Exchange exchange) throws IOException, InvalidPayloadException {
    var arrival = Arrival.of(exchange);
    if (arrival.isFolder()) {
      return;
    }
    var path = Names.safePath(arrival.name());
    var name = path.substring(path.lastIndexOf('/') + 1);
    if (Arrays.stream(path.split("/", -1)).anyMatch(InboxRules::junk)
        || (InboxRules.role(name).isEmpty() && !InboxRules.defaults(name))) {
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
    var profile = exchange.getProperty("profile", "", String.class);
    var target =
        inbox.resolve(Names.safe(profile.isEmpty() ? defaultProfile : profile)).resolve(path);
    var folder = Files.createDirectories(target.resolveSibling(".").normalize());
    var part = folder.resolve("." + JobId.make(clock.instant()) + ".part");
    try {
      try (var in = exchange.getMessage().getMandatoryBody(InputStream.class)) {
        Files.copy(in, part);
      }
      Moves.sync(part);
      place(part, target);
      CrashPoint.at("intake.received");
      if (!arrival.version().isEmpty()) {
        taken.put(arrival, path);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static synchronized void place(Path part, Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Hashes.sha256(part).equals(Hashes.sha256(target))) {
      throw new IOException("another file waits in the inbox as " + target.getFileName());
    }
    Moves.move(part, target);
  }
}
