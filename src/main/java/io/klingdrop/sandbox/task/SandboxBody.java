package io.klingdrop.sandbox.task;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes of an answer, opened anew for each use.
 *
 * @param file where they lie, if they lie in a file
 * @param source opens the whole of which they are a part
 * @param from where in the whole they begin
 * @param length how many they are
 */
public record SandboxBody(Optional<Path> file, Source source, long from, long length) {
  /** Opens bytes from the first on. */
  public interface Source {
    InputStream open() throws IOException;
  }

  public static SandboxBody of(byte[] bytes) {
    return new SandboxBody(
        Optional.empty(), () -> new ByteArrayInputStream(bytes), 0, bytes.length);
  }

  public static SandboxBody of(Path file) throws IOException {
    return new SandboxBody(
        Optional.of(file), () -> Files.newInputStream(file), 0, Files.size(file));
  }

  /** A part of these bytes. */
  SandboxBody slice(long at, long count) {
    return new SandboxBody(file, source, from + at, count);
  }

  /** Opens them at the first; goes on beyond the last if the whole does. */
  public InputStream open() throws IOException {
    var in = source.open();
    in.skipNBytes(from);
    return in;
  }
}
