package io.klingdrop.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes of a fixture, to be bent into what a test needs and written under a name of its own. */
record Fixture(byte[] bytes) {
  static Fixture of(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream("/media/" + name)) {
      return new Fixture(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Fixture text(String text) {
    return new Fixture(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Pairs of characters, spaces between them at will. */
  static Fixture hex(String digits) {
    return new Fixture(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  static Fixture latin(String text) {
    return new Fixture(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Fixture zeros(int count) {
    return new Fixture(new byte[count]);
  }

  Fixture then(Fixture more) {
    var joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
    System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
    return new Fixture(joined);
  }

  Fixture first(int count) {
    return new Fixture(Arrays.copyOf(bytes, count));
  }

  Fixture from(int start) {
    return new Fixture(Arrays.copyOfRange(bytes, start, bytes.length));
  }

  int size() {
    return bytes.length;
  }

  /** Where these characters stand for the first time. */
  int find(String latin) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(latin);
  }

  int findLast(String latin) {
    return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(latin);
  }

  Fixture bigInt(int position, int value) {
    var copy = bytes.clone();
    ByteBuffer.wrap(copy).putInt(position, value);
    return new Fixture(copy);
  }

  Fixture littleInt(int position, int value) {
    var copy = bytes.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(position, value);
    return new Fixture(copy);
  }

  Fixture put(int position, int value) {
    var copy = bytes.clone();
    copy[position] = (byte) value;
    return new Fixture(copy);
  }

  /** Puts other bytes before this position. */
  Fixture insert(int position, Fixture more) {
    return first(position).then(more).then(from(position));
  }

  Path in(Path folder, String name) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
