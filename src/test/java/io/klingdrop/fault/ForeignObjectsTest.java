package io.klingdrop.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.DefaultExchangeHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a broker's object messages may make here. */
class ForeignObjectsTest {

  /** A class of some library whose objects do something when they are read. */
  private static final class Trap implements Serializable {
    private static final long serialVersionUID = 1;
    static boolean sprung;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      sprung = true;
    }
  }

  /** The program as it starts, in a process of its own. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      ForeignObjects.refuse();
      try (var in = new ObjectInputStream(new ByteArrayInputStream(written(new Trap())))) {
        in.readObject();
      } catch (InvalidClassException e) {
        System.exit(Trap.sprung ? 1 : 42);
      }
    }
  }

  private static byte[] written(Object object) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(Object object) throws Exception {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(written(object)))) {
      in.setObjectInputFilter(ForeignObjects.filter());
      return in.readObject();
    }
  }

  static List<Object> strangers() throws Exception {
    return List.of(
        new Trap(),
        new ArrayList<>(List.of(new Trap())),
        new TreeMap<>(Map.of("a", new Trap())),
        new DefaultExchangeHolder(),
        new File("a"),
        URI.create("http://a/").toURL());
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void anObjectOfAnotherClassIsNotMade(Object stranger) {
    Trap.sprung = false;
    assertThatThrownBy(() -> read(stranger)).isInstanceOf(InvalidClassException.class);
    assertThat(Trap.sprung).isFalse();
  }

  static List<Object> values() {
    return List.of(
        "text",
        7,
        new byte[] {1, 2},
        new Date(0),
        Duration.ofSeconds(1),
        UUID.randomUUID(),
        List.of("a"),
        Map.of("a", 1),
        new TreeMap<>(Map.of("b", List.of(2L))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aPlainValueIs(Object value) throws Exception {
    assertThat(read(value)).isEqualTo(value);
  }

  @Test
  void theProgramItselfRefusesThemEverywhere() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(42);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void insideAProgramOfOthersNothingIsRefused() {
    assertThat(ObjectInputFilter.Config.getSerialFilter()).isNull();
  }
}
