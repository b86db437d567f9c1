package io.klingdrop.intake;

import io.klingdrop.files.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The names under which programs write a file that is not whole yet. */
final class PartialNames {
  /** Folders in which rsync keeps what is not whole yet, under the names of later. */
  private static final Set<String> FOLDERS = Set.of(".~tmp~", ".rsync-partial");

  /**
   * Endings that browsers, download managers, file transfer and sync programs take away at the end:
   * Firefox, KDE, Nextcloud (part), Chrome (crdownload), Safari (download), Opera (opdownload),
   * WinSCP (filepart), aria2, uTorrent (!ut), qBittorrent (!qb), Resilio (!sync), Vuze, BitComet,
   * FreeFileSync (ffs_tmp), rclone (partial), and others that say it plainly.
   */
  private static final Set<String> ENDINGS =
      Set.of(
          ("part partial crdownload tmp download filepart opdownload aria2 !ut !qb !sync "
                  + "az! bc! bts syncpart synctemp ffs_tmp fdmdownload dtapart xltd uploading "
                  + "downloading incomplete")
              .split(" ", -1));

  /** What Nextcloud's server and rclone put before the ending. */
  private static final Pattern NUMBER =
      Pattern.compile("\\.(octransferid\\d+|[0-9a-f]{8})$", Pattern.CASE_INSENSITIVE);

  /** {@code .syncthing.voice.wav.tmp}, and what it is called on Windows. */
  private static final Pattern SYNCTHING =
      Pattern.compile("[.~]syncthing[.~](?<name>.+)\\.tmp", Pattern.DOTALL);

  /** {@code .voice.wav.Ab12Cd} of rsync, {@code .voice.wav.~1a2b} of Nextcloud and ownCloud. */
  private static final Pattern DOTTED =
      Pattern.compile(
          "\\.(?<name>.+\\.[A-Za-z0-9]{2,5})\\.(?:[A-Za-z0-9]{6}|~[0-9a-f]{1,8})", Pattern.DOTALL);

  /** {@code .in.voice.wav.} of lftp. */
  private static final Pattern LFTP = Pattern.compile("\\.in\\.(?<name>.+)\\.", Pattern.DOTALL);

  /** {@code .pending-1700000000-voice.wav} of Android. */
  private static final Pattern ANDROID =
      Pattern.compile("\\.pending-\\d+-(?<name>.+)", Pattern.DOTALL);

  /** GNOME's, macOS' and Chrome's names that say nothing of the file. */
  private static final Pattern NAMELESS =
      Pattern.compile(
          "\\.goutputstream-.*|\\.sb-.*|unconfirmed \\d+\\.crdownload|~[0-9a-z]*\\.tmp",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private PartialNames() {}

  /**
   * What a file of that name will be called; an empty text if it is under way and does not tell.
   *
   * @return nothing if the name is not one of a file under way
   */
  static Optional<String> becomes(String name) {
    var ended = ended(name);
    if (!ended && !name.startsWith(".") && !name.startsWith("~")) {
      return Optional.empty();
    }
    if (NAMELESS.matcher(name).matches()) {
      return Optional.of("");
    }
    for (var pattern : List.of(SYNCTHING, DOTTED, LFTP, ANDROID)) {
      var match = pattern.matcher(name);
      if (match.matches()) {
        return Optional.of(match.group("name"));
      }
    }
    return ended
        ? Optional.of(NUMBER.matcher(Names.stem(name)).replaceFirst(""))
        : Optional.empty();
  }

  private static boolean ended(String name) {
    var extension = Names.extension(name).toLowerCase(Locale.ROOT);
    return !extension.isEmpty() && ENDINGS.contains(extension.substring(1));
  }

  /** Whether what lies in a folder of that name will lie beside it. */
  static boolean folder(String name) {
    return FOLDERS.contains(name.toLowerCase(Locale.ROOT));
  }
}
