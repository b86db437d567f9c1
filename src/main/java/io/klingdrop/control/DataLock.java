package io.klingdrop.control;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One service for one data folder: held by a lock of the operating system, gone with a crash. */
final class DataLock implements AutoCloseable {
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws StartException if another process has it
   */
  static DataLock take(Path data) {
    try {
      Private.folder(data);
      var channel =
          FileChannel.open(
              data.resolve("klingdrop.lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              Private.file(data));
      if (tryLock(channel) == null) {
        channel.close();
        throw new StartException(
            "another klingdrop already runs on the data folder "
                + data
                + ". Stop it first, or set klingdrop.data.dir to a folder of its own.");
      }
      return new DataLock(channel);
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
    channel.close();
  }
}
