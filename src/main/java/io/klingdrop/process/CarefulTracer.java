package io.klingdrop.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the tracer of OpenTelemetry, its builders and its spans, and lets only {@link
 * SpanWords} through. OpenTelemetry is there at run time only, so this is done by reflection.
 * Thread-safe.
 */
record CarefulTracer(ClassLoader loader, Object real) implements InvocationHandler {
  private static final String API = "io.opentelemetry.api.";

  /** The interface that Camel looks for. */
  static Class<?> type(ClassLoader loader) throws ClassNotFoundException {
    return Class.forName(API + "trace.Tracer", true, loader);
  }

  /** The tracer that OpenTelemetry configures by itself, behind this one. */
  static Object camel(ClassLoader loader) throws ReflectiveOperationException {
    var tracer =
        Class.forName(API + "GlobalOpenTelemetry", true, loader)
            .getMethod("getTracer", String.class)
            .invoke(null, "camel");
    return before(loader, type(loader), tracer);
  }

  private static Object before(ClassLoader loader, Class<?> type, Object real) {
    return Proxy.newProxyInstance(loader, new Class<?>[] {type}, new CarefulTracer(loader, real));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    @Nullable Object[] args = given == null ? new Object[0] : given.clone();
    switch (method.getName()) {
      case "spanBuilder", "updateName" -> args[0] = SpanWords.name(String.valueOf(args[0]));
      case "setAttribute" -> args[1] = attribute(args[0], args[1]);
      default -> {
        for (int i = 0; i < args.length; i++) {
          args[i] = careful(args[i]);
        }
      }
    }
    try {
      var answer = method.invoke(real, args);
      for (var type : List.of("trace.SpanBuilder", "trace.Span")) {
        var wrapped = api(type);
        if (method.getReturnType() == wrapped && answer != null) {
          return answer == real ? proxy : before(loader, wrapped, answer);
        }
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private Class<?> api(String name) throws ClassNotFoundException {
    return Class.forName(API + name, true, loader);
  }

  private static @Nullable Object attribute(@Nullable Object key, @Nullable Object value) {
    return value instanceof String text ? SpanWords.attribute(String.valueOf(key), text) : value;
  }

  /** Words and attributes of events and states; of an exception its class and cut message stay. */
  private @Nullable Object careful(@Nullable Object told) throws ReflectiveOperationException {
    if (told instanceof String text) {
      return SpanWords.text(text);
    }
    if (told instanceof Throwable thrown) {
      var said = new IllegalStateException(SpanWords.text(thrown.toString()));
      said.setStackTrace(thrown.getStackTrace());
      return said;
    }
    var attributes = api("common.Attributes");
    if (!attributes.isInstance(told)) {
      return told;
    }
    var builder = attributes.getMethod("builder").invoke(null);
    var type = api("common.AttributesBuilder");
    var put = type.getMethod("put", api("common.AttributeKey"), Object.class);
    for (var entry : ((Map<?, ?>) attributes.getMethod("asMap").invoke(told)).entrySet()) {
      put.invoke(builder, entry.getKey(), attribute(entry.getKey(), entry.getValue()));
    }
    return type.getMethod("build").invoke(builder);
  }
}
