package io.klingdrop.intake;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Folders of systems in which deleted files and earlier versions lie. What somebody deleted must
 * not be paid for, and a snapshot cannot be taken from; so neither is looked into, at any depth.
 * Upper and lower case do not count. Names that begin with a dot ({@code .recycle}, {@code
 * .Trash-1000}, {@code .zfs}, {@code .snapshot}, {@code .@__thumb}, {@code .stversions}) are junk
 * anyway. {@code #recycle} and {@code #snapshot} as Synology's help names them (read 2026-11-28),
 * {@code .recycle} and its kin as servers set up Samba's vfs_recycle; the others as they lie on
 * disks.
 */
final class Bins {
  private static final Set<String> NAMES =
      names(
          // Synology DSM
          "#recycle, #snapshot, @eadir, @tmp, @sharesnap, @sharebin, @synodrive, @synologydrive",
          // QNAP QTS
          "@recycle, @recently-snapshot, @recycle_bin, @transcode, @__thumb, @qmc",
          "network recycle bin",
          // ASUSTOR, TerraMaster, ReadyNAS, Buffalo, Zyxel, Thecus
          "@snapshot, @snapshots, #snapshots, recycle bin, recycle_bin, recyclebin, recycle",
          "trashbox",
          // Windows
          "$recycle.bin, recycler, recycled, system volume information, $extend",
          // NetApp over SMB, and shares of others that hide nothing
          "~snapshot, ~snapshots, ~snapmirror",
          // macOS and AFP servers
          "network trash folder, temporary items, thevolumesettingsfolder, __macosx",
          // ext2 to ext4, XFS
          "lost+found",
          // Nextcloud and ownCloud on the server
          "files_trashbin, files_versions",
          // what people and other systems call a bin
          "trash, trashcan, trash can, trashes");

  /** Those that a person may have made, and wonder at. */
  private static final Set<String> PLAIN =
      Set.of("recycle", "recycled", "trash", "trashbox", "trashcan", "trash can");

  /** Shadow copies of Samba, rescue folders of Windows, and others that carry a number. */
  private static final Pattern NUMBERED =
      Pattern.compile(
          "@gmt-\\d{4}\\.\\d\\d\\.\\d\\d-\\d\\d\\.\\d\\d\\.\\d\\d|found\\.\\d{3}"
              + "|_nas_recycle_.*|@snap(shot)?[-_].*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private Bins() {}

  private static Set<String> names(String... lists) {
    return Set.of(String.join(", ", lists).split(", ", -1));
  }

  /** Whether a file or folder of that name is a bin, or a snapshot. */
  static boolean named(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT)) || NUMBERED.matcher(name).matches();
  }

  /** Whether a person may have given that name, who is to know what it means here. */
  static boolean plain(String name) {
    return PLAIN.contains(name.toLowerCase(Locale.ROOT));
  }
}
