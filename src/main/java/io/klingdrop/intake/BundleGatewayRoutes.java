package io.klingdrop.intake;

import io.klingdrop.job.Headers;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * How routes of others hand over files: {@code direct:klingdrop.submit} for a whole bundle, the
 * route template {@code klingdrop-submit} for a source that gives such bundles, and {@code
 * klingdrop-inbox} for one that gives file after file.
 */
public final class BundleGatewayRoutes extends RouteBuilder {
  /** The parameter that makes a route one that reads from elsewhere. */
  public static final String SOURCE = "source";

  private final BundleGateway gateway;

  public BundleGatewayRoutes(BundleGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void configure() {
    from("direct:klingdrop.submit")
        .routeId("klingdrop-submit")
        .description("Puts one bundle into the inbox and answers with the id its job will have")
        .process(gateway::submit);

    routeTemplate("klingdrop-inbox")
        .templateParameter(SOURCE, null, "endpoint URI that gives one file after the other")
        .templateParameter("profile", "", "profile of the files, empty for the default")
        .from("{{source}}")
        .setProperty("profile", constant("{{profile}}"))
        .process(gateway::receive);

    routeTemplate("klingdrop-submit")
        .templateParameter(SOURCE, null, "endpoint URI that gives one bundle after the other")
        .templateParameter(
            "profile", "", "profile of the bundles, empty for what their header says")
        .from("{{source}}")
        .setProperty("profile", constant("{{profile}}"))
        .process(BundleGatewayRoutes::addProfile)
        .to("direct:klingdrop.submit");
  }

  private static void addProfile(Exchange exchange) {
    var profile = exchange.getProperty("profile", "", String.class);
    if (!profile.isEmpty()) {
      exchange.getMessage().setHeader(Headers.PROFILE, profile);
    }
  }
}
