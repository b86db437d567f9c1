package io.klingdrop.process;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One service for one data folder: held by a lock of the operating system, gone with a crash. */
public final class DataLock implements AutoCloseable {
  private static final String NAME = "klingdrop.lock";
  private static final long A_MOMENT = 200_000_000;
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final Path file;

  private DataLock(FileChannel channel, Path file) {
    this.channel = channel;
    this.file = file;
  }

  /**
   * Whether a service runs on this data folder; makes nothing. A lock of this process is not tried
   * again: on Unix it would be lost when the second channel is closed.
   */
  public static boolean held(Path data) throws IOException {
    var file = data.resolve(NAME);
    if (!Files.exists(file)) {
      return false;
    }
    if (HELD_HERE.contains(file.toRealPath())) {
      return true;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return tryLock(channel) == null;
    }
  }

  /**
   * Takes the lock.
   *
   * @throws StartException if another process has it
   */
  public static DataLock take(Path data) {
    try {
      Private.folder(data);
      var file = data.resolve(NAME);
      var channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              Private.file(data));
      var lock = tryLock(channel);
      if (lock == null) {
        // a check-up may just be looking
        LockSupport.parkNanos(A_MOMENT);
        lock = tryLock(channel);
      }
      if (lock == null) {
        channel.close();
        throw new StartException(
            "another klingdrop already runs on the data folder %s. Stop it first, or set"
                    .formatted(data)
                + " klingdrop.data.dir to a folder of its own.");
      }
      var real = file.toRealPath();
      HELD_HERE.add(real);
      return new DataLock(channel, real);
    } catch (IOException e) {
      throw new StartException("the data folder " + data + " cannot be used: " + e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    HELD_HERE.remove(file);
    channel.close();
  }
}
