package io.klingdrop.docs;

import io.klingdrop.app.Klingdrop;
import io.klingdrop.settings.SettingsReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** The classes behind the beans' names, as the program itself binds them. */
final class RunningBeans {
  private RunningBeans() {}

  /** Starts the program in that empty folder, looks the names up and stops. */
  static Map<String, Class<?>> of(Path folder, Collection<String> names) throws Exception {
    var classes = new LinkedHashMap<String, Class<?>>();
    var settings = SettingsReader.load(folder, Map.of(), Map.of("klingdrop.http.port", "0"));
    try (var klingdrop = new Klingdrop(settings)) {
      klingdrop.add(
          new RouteBuilder() {
            @Override
            public void configure() {
              for (var name : names) {
                var bean = getContext().getRegistry().lookupByName(name);
                if (bean != null) {
                  classes.put(name, bean.getClass());
                }
              }
            }
          });
      klingdrop.run(true);
    }
    return classes;
  }
}
