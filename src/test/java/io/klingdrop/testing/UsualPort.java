package io.klingdrop.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The port that is taken where nobody names one. Builds beside each other on one machine look at it
 * one after the other: each waits here until the one before has closed this.
 */
public final class UsualPort implements AutoCloseable {
  private static final int PORT = 8080;

  private final FileChannel turn;
  private @Nullable ServerSocket taken;

  private UsualPort(FileChannel turn) {
    this.turn = turn;
  }

  /** Waits for the turn of this build. */
  public static UsualPort await() throws IOException {
    var lock = "klingdrop-usual-port-" + System.getProperty("user.name");
    var turn =
        FileChannel.open(
            Path.of(System.getProperty("java.io.tmpdir"), lock),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!turn.lock().isValid()) {
      throw new IllegalStateException("no turn at the usual port");
    }
    return new UsualPort(turn);
  }

  /** Holds the port, if nobody else does already; answers whether it is ours until the close. */
  public boolean take() {
    try {
      taken = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (taken != null) {
      taken.close();
    }
    turn.close();
  }
}
