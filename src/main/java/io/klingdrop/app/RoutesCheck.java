package io.klingdrop.app;

import io.klingdrop.camel.LedgerComponent;
import io.klingdrop.job.Text;
import io.klingdrop.process.ComponentJars;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the routes of a working folder as Camel does, and starts none: the steps must be known, the
 * placeholders set, and components, beans and their methods there.
 */
final class RoutesCheck {
  private final Settings settings;
  private final Path folder;

  RoutesCheck(Settings settings) {
    this.settings = settings;
    this.folder = CamelSetup.routesFolder(settings);
  }

  /** Where the routes come from. */
  String source() {
    return Files.isDirectory(folder) ? folder.toString() : "as shipped";
  }

  /** What is wrong, one sentence each with its file; empty if nothing is, or there is no folder. */
  List<String> problems() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var problems = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(folder, "*.camel.yaml")) {
      var sorted = new ArrayList<Path>();
      files.forEach(sorted::add);
      sorted.sort(null);
      sorted.forEach(file -> read(file, problems));
    } catch (IOException e) {
      problems.add(folder + " cannot be read: " + e.getMessage());
    }
    return problems;
  }

  private void read(Path file, List<String> problems) {
    try (var context = new DefaultCamelContext()) {
      ComponentJars.join(context);
      var properties = context.getPropertiesComponent();
      properties.setLocation(CamelSetup.properties(settings));
      properties.setOverrideProperties(CamelSetup.placeholders(settings));
      context.build();
      var resource = ResourceHelper.resolveMandatoryResource(context, "file:" + file);
      for (var routes : PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource)) {
        context.addRoutes(routes);
      }
      var model = context.getCamelContextExtension().getContextPlugin(Model.class);
      for (var route : model.getRouteDefinitions()) {
        endpoints(context, route, file, problems);
        beans(new RouteBeans(context), route, file, problems);
      }
    } catch (Exception e) {
      problems.add(file + ": " + Text.oneLine(reason(e), 500));
    }
  }

  private static void endpoints(
      CamelContext context, RouteDefinition route, Path file, List<String> problems) {
    var addresses = new ArrayList<String>();
    addresses.add(route.getInput().getEndpointUri());
    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
        .forEach(to -> addresses.add(to.getEndpointUri()));
    for (var address : addresses) {
      try {
        var scheme = context.resolvePropertyPlaceholders(address).replaceFirst(":.*", "");
        if (context.getComponent(scheme, true, false) == null) {
          problems.add(
              "%s, route %s: there is no Camel component %s"
                  .formatted(file, route.getRouteId(), scheme));
        }
      } catch (Exception e) {
        problems.add(
            "%s, route %s: %s".formatted(file, route.getRouteId(), Text.oneLine(reason(e), 500)));
      }
    }
  }

  /** Beans and methods that steps call, and those that claim for a consumer of the ledger. */
  private static void beans(
      RouteBeans beans, RouteDefinition route, Path file, List<String> problems) {
    var found = new ArrayList<String>();
    var from = route.getInput().getEndpointUri();
    if (from.startsWith(LedgerComponent.SCHEME + ":") && from.contains("?")) {
      try {
        var options = URISupport.parseQuery(URISupport.extractQuery(from));
        beans
            .problem(
                String.valueOf(options.getOrDefault("bean", "")),
                String.valueOf(options.getOrDefault("method", "")))
            .ifPresent(found::add);
      } catch (URISyntaxException e) {
        found.add(from + " cannot be read: " + e.getMessage());
      }
    }
    for (var step :
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), BeanDefinition.class)) {
      beans.problem(text(step.getRef()), text(step.getMethod())).ifPresent(found::add);
    }
    for (var said : found) {
      problems.add("%s, route %s: %s".formatted(file, route.getRouteId(), said));
    }
  }

  private static String text(@Nullable String option) {
    return option == null ? "" : option;
  }

  private static String reason(Throwable failure) {
    var root = Text.root(failure);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
