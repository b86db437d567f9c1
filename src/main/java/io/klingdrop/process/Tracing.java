package io.klingdrop.process;

import static java.util.Map.entry;

import io.klingdrop.settings.TracingSettings;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.spi.Registry;

/**
 * Tracing by camel-opentelemetry2, whose jars an operator has put into {@code lib/}. Nothing here
 * is touched unless it is switched on.
 */
public record Tracing(MethodHandle current, MethodHandle attribute) {
  /**
   * What OpenTelemetry is told, unless the operator tells it otherwise by its own properties or
   * variables. Nothing is passed on in headers: providers have no use for our ids.
   */
  private static final Map<String, String> USUAL =
      Map.ofEntries(
          entry("otel.java.global-autoconfigure.enabled", "true"),
          entry("otel.service.name", "klingdrop"),
          entry("otel.exporter.otlp.protocol", "http/protobuf"),
          entry("otel.metrics.exporter", "none"),
          entry("otel.logs.exporter", "none"),
          entry("otel.propagators", "none"));

  /** Switches it on in the properties of Camel and of this process. */
  public static void on(TracingSettings tracing, Properties camel) {
    camel.setProperty("camel.opentelemetry2.enabled", "true");
    usual("otel.exporter.otlp.endpoint", tracing.endpoint());
    USUAL.forEach(Tracing::usual);
  }

  private static void usual(String key, String value) {
    var variable = key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    if (System.getProperty(key) == null && System.getenv(variable) == null) {
      System.setProperty(key, value);
    }
  }

  /**
   * The API in the jars of the present thread's class loader.
   *
   * @throws StartException if they are not there
   */
  public static Tracing api() {
    try {
      var loader = Thread.currentThread().getContextClassLoader();
      var span = Class.forName("io.opentelemetry.api.trace.Span", true, loader);
      var lookup = MethodHandles.publicLookup();
      return new Tracing(
          lookup.findStatic(span, "current", MethodType.methodType(span)),
          lookup.findVirtual(
              span, "setAttribute", MethodType.methodType(span, String.class, String.class)));
    } catch (ReflectiveOperationException e) {
      throw new StartException(
          "klingdrop.tracing.endpoint is set, but camel-opentelemetry2 is not in lib/; see"
              + " share/components/pom.xml, profile tracing");
    }
  }

  /**
   * Gives Camel a tracer that tells no secrets. Camel takes the one of its registry before it makes
   * one (camel-opentelemetry2 4.18, OpenTelemetryTracer).
   */
  public void into(Registry registry) {
    var loader = Thread.currentThread().getContextClassLoader();
    try {
      registry.bind("klingdropTracer", CarefulTracer.type(loader), CarefulTracer.camel(loader));
    } catch (ReflectiveOperationException e) {
      throw new StartException("the jars of OpenTelemetry in lib/ do not fit: " + e);
    }
  }

  /** The step that this thread is in is about that job. */
  public void about(String job) {
    try {
      var unused = attribute.invoke(current.invoke(), "klingdrop.job", job);
    } catch (Throwable e) {
      throw new IllegalStateException("the jars of OpenTelemetry do not fit", e);
    }
  }
}
