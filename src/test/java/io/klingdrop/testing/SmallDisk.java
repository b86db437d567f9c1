package io.klingdrop.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A disk in memory that can be full or read-only. Linux lets only root make one. */
public final class SmallDisk implements AutoCloseable {
  private final Path at;

  private SmallDisk(Path at) {
    this.at = at;
  }

  /**
   * Mounts a disk on a folder; the calling test is skipped where that is not allowed.
   *
   * @param size as {@code mount} understands it: {@code 64k}, {@code 8m}
   */
  public static SmallDisk at(Path folder, String size) throws IOException {
    Files.createDirectories(folder);
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && ran("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()),
        "only root on Linux can mount a small disk");
    return new SmallDisk(folder);
  }

  /**
   * Shows a folder at a second place, as a mount of its own; the calling test is skipped where that
   * is not allowed.
   */
  public static SmallDisk secondMount(Path of, Path at) throws IOException {
    Files.createDirectories(at);
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && ran("mount", "--bind", of.toString(), at.toString()),
        "only root on Linux can mount a folder a second time");
    return new SmallDisk(at);
  }

  /** Changes the disk under its users: {@code size=8m}, {@code ro}, {@code rw}. */
  public void remount(String options) throws IOException {
    if (!ran("mount", "-o", "remount," + options, at.toString())) {
      throw new IOException("cannot remount " + at + " " + options);
    }
  }

  private static boolean ran(String... command) {
    try {
      return new ProcessBuilder(List.of(command)).inheritIO().start().onExit().join().exitValue()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Everything on it is gone. */
  @Override
  public void close() {
    ran("umount", "-l", at.toString());
  }
}
