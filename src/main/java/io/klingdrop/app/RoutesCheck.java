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
import java.util.Objects;
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

/**
 * Reads the routes of a working folder as Camel does, and starts none: the steps must be known, the
 * placeholders set, and components, beans and their methods there.
 */
record RoutesCheck(Settings settings, Path folder) {
  String source() {
    return Files.isDirectory(folder) ? folder.toString() : "as shipped";
  }

  /** What is wrong, one sentence each with its file; empty if nothing is, or there is no folder. */
  List<String> problems() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var problems = new ArrayList<String>();
    try (var files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".camel.yaml"))
          .sorted()
          .forEach(file -> read(file, problems));
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
        var found = new ArrayList<String>();
        endpoints(context, route, found);
        beans(new RouteBeans(context), route, found);
        for (var said : found) {
          problems.add("%s, route %s: %s".formatted(file, route.getRouteId(), said));
        }
      }
    } catch (Exception e) {
      problems.add(file + ": " + Text.oneLine(reason(e), 500));
    }
  }

  private static void endpoints(CamelContext context, RouteDefinition route, List<String> found) {
    var addresses = new ArrayList<String>();
    addresses.add(route.getInput().getEndpointUri());
    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
        .forEach(to -> addresses.add(to.getEndpointUri()));
    for (var address : addresses) {
      try {
        var scheme = context.resolvePropertyPlaceholders(address).replaceFirst(":.*", "");
        if (context.getComponent(scheme, true, false) == null) {
          found.add("there is no Camel component " + scheme);
        }
      } catch (Exception e) {
        found.add(Text.oneLine(reason(e), 500));
      }
    }
  }

  /** Beans and methods that steps call, and those that claim for a consumer of the ledger. */
  private static void beans(RouteBeans beans, RouteDefinition route, List<String> found) {
    var from = route.getInput().getEndpointUri();
    if (from.startsWith(LedgerComponent.SCHEME + ":") && from.contains("?")) {
      try {
        var options = URISupport.parseQuery(URISupport.extractQuery(from));
        var bean = String.valueOf(options.getOrDefault("bean", ""));
        var method = String.valueOf(options.getOrDefault("method", ""));
        beans.problem(bean, method).ifPresent(found::add);
      } catch (URISyntaxException e) {
        found.add(from + " cannot be read: " + e.getMessage());
      }
    }
    for (var step :
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), BeanDefinition.class)) {
      beans
          .problem(
              Objects.requireNonNullElse(step.getRef(), ""),
              Objects.requireNonNullElse(step.getMethod(), ""))
          .ifPresent(found::add);
    }
  }

  private static String reason(Throwable failure) {
    var root = Text.root(failure);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
