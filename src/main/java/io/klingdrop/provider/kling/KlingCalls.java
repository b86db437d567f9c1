package io.klingdrop.provider.kling;

import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.settings.ProviderSettings;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * The two calls of one account that speaks Kling's protocol, as routes: they send what the message
 * holds to the path it names, and leave the parsed answer as the body. Judging the answer is {@link
 * KlingProvider}'s.
 */
public final class KlingCalls extends RouteBuilder {
  private final ProviderSettings settings;

  public KlingCalls(ProviderSettings settings) {
    this.settings = settings;
  }

  /** The registry name of that account's client for createTask. */
  public static String createClient(String account) {
    return account + "CreateClient";
  }

  /** The registry name of that account's client for everything else. */
  public static String askingClient(String account) {
    return account + "AskingClient";
  }

  static String createTask(String account) {
    return "direct:" + account + "-create-task";
  }

  static String queryTask(String account) {
    return "direct:" + account + "-query-task";
  }

  @Override
  public void configure() {
    // what breaks on the wire is an answer too: it stays on the exchange for the caller to judge
    errorHandler(noErrorHandler());
    call(
        createTask(settings.name()),
        "POST",
        "Creates one task, once; the body is the request, streamed",
        createClient(settings.name()));
    call(
        queryTask(settings.name()),
        "GET",
        "Asks for one task or for the list of them",
        askingClient(settings.name()));
  }

  private void call(String channel, String verb, String description, String client) {
    from(channel)
        .routeId(channel.replace("direct:", ""))
        .description(description + "; CamelHttpPath names what is called")
        .streamCache("false")
        .setHeader(Exchange.HTTP_METHOD, constant(verb))
        .to(settings.baseUrl() + AnswerRoutes.QUIET + client)
        .to(AnswerRoutes.READ_ANSWER);
  }
}
