package io.klingdrop.intake;

import io.klingdrop.job.Role;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files that look like ours by their extension and were made by another program for itself. They
 * are left alone.
 */
final class Foreign {

  /**
   * Syncthing, rclone; Dropbox, Nextcloud, Box, pCloud, Seafile, Unison and others in brackets, in
   * the languages Dropbox speaks; ownCloud; Synology Drive. Names that only may be a copy, such as
   * {@code voice (1).wav}, are none.
   */
  private static final Pattern COPY =
      Pattern.compile(
          ".*\\.sync-conflict-\\d{8}-\\d{6}(-[a-z0-9]{7})?"
              + "|.*\\.conflict\\d+"
              + "|.*_conflict-\\d{8}-\\d{6}"
              + "|.*[-_]\\d{4}_(case)?conflict"
              + "|.*[(\\[][^()\\[\\]]*(conflict|konflikt|conflit|conflito|conflitto|konflikten"
              + "|競合|冲突|衝突|충돌|конфликт)[^()\\[\\]]*[)\\]]",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

  /** What every such name has, for a quick look at the others. */
  private static final Pattern HINT =
      Pattern.compile("conf|konf|[^\\x00-\\x7f]", Pattern.CASE_INSENSITIVE);

  /** What makes a bracket with a conflict in it one of a sync program: a date, or its own words. */
  private static final Pattern SAID =
      Pattern.compile(
          ".*[(\\[][^()\\[\\]]*(\\d{4}-\\d{1,2}-\\d{1,2}|cop(y|ie|ia)|cópia|kopi|case|conflicted"
              + "|selective sync|unicode|whitespace|コピー|副本|复本|사본|копия)[^()\\[\\]]*[)\\]]",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

  /** Google Takeout cuts the long word where the name becomes too long. */
  private static final String TAKEOUT = ".supplemental-metadata";

  /** Notes of whole albums and downloads: Takeout, yt-dlp. */
  private static final Set<String> NOTES =
      Set.of(
          ("metadata metadaten shared_album_comments print-subscriptions archive_browser"
                  + " user-generated-memory-titles")
              .split(" ", -1));

  private Foreign() {}

  /** Whether a sync program made this file because it could not decide between two. */
  static boolean conflictCopy(String name) {
    var stem = InboxRules.stem(name);
    if (!HINT.matcher(stem).find() || !COPY.matcher(stem).matches()) {
      return false;
    }
    return !(stem.endsWith(")") || stem.endsWith("]")) || SAID.matcher(stem).matches();
  }

  /**
   * Whether another program keeps what it knows of a photo, an album or a download in this file, if
   * no picture or recording beside it has the same stem.
   */
  static boolean note(String name) {
    if (!InboxRules.extension(name).equals("json")) {
      return false;
    }
    var stem = InboxRules.stem(name);
    return stem.endsWith(".info") || NOTES.contains(stem.toLowerCase(Locale.ROOT)) || ofPhoto(stem);
  }

  /** {@code photo.jpg}, {@code photo.jpg(1)}, {@code photo.jpg.supplemental-metadata}. */
  private static boolean ofPhoto(String stem) {
    var bare = stem.replaceFirst("\\(\\d+\\)$", "");
    if (media(bare)) {
      return true;
    }
    var dot = bare.lastIndexOf('.');
    return dot > 0
        && media(bare.substring(0, dot))
        && dot < bare.length() - 1
        && TAKEOUT.startsWith(bare.substring(dot));
  }

  private static boolean media(String name) {
    return InboxRules.role(name).filter(role -> role != Role.SIDECAR).isPresent();
  }
}
