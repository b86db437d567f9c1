package io.klingdrop.sandbox.task;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of an answer, opened anew for each use. */
public sealed interface SandboxBody {

  /** How many bytes there are. */
  long length();

  /** A part of them. */
  SandboxBody slice(long from, long count);

  /** Opens them from the first byte; may go on beyond the last. */
  InputStream open() throws IOException;

  static SandboxBody of(byte[] bytes) {
    return new InMemory(bytes, 0, bytes.length);
  }

  static SandboxBody of(Path file) throws IOException {
    return new FilePart(file, 0, Files.size(file));
  }

  /** A part of a file. */
  record FilePart(Path file, long from, long length) implements SandboxBody {

    @Override
    public SandboxBody slice(long at, long count) {
      return new FilePart(file, from + at, count);
    }

    @Override
    public InputStream open() throws IOException {
      var in = Files.newInputStream(file);
      in.skipNBytes(from);
      return in;
    }
  }

  /** InMemory in memory. */
  final class InMemory implements SandboxBody {
    private final byte[] bytes;
    private final int from;
    private final int length;

    private InMemory(byte[] bytes, int from, int length) {
      this.bytes = bytes;
      this.from = from;
      this.length = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public SandboxBody slice(long at, long count) {
      return new InMemory(bytes, from + Math.toIntExact(at), Math.toIntExact(count));
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes, from, length);
    }
  }
}
