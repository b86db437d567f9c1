package io.klingdrop.outcomes;

import io.klingdrop.job.Headers;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that {@code klingdrop.channel.*} names: sends a message to all of its channel that
 * have not taken it yet. Thread-safe.
 */
public final class Channels {
  private static final String PREFIX = "klingdrop.channel.";

  static final String LANE = "lane";

  /** Records of one key stay in order in a topic of many partitions. */
  private static final String KAFKA_KEY = "kafka.KEY";

  /** A server that hangs must not hold up the messages behind for long; milliseconds. */
  private static final Map<String, Integer> WEB_TIMEOUTS =
      Map.of("connectTimeout", 10_000, "responseTimeout", 30_000);

  private final Settings settings;
  private final Supplier<ProducerTemplate> camel;
  private final EndpointBackoff backoff;

  /**
   * The channels of these settings.
   *
   * @param camel sends, once Camel runs
   */
  public Channels(Settings settings, Supplier<ProducerTemplate> camel, EndpointBackoff backoff) {
    this.settings = settings;
    this.camel = camel;
    this.backoff = backoff;
  }

  /**
   * Sends the message to the endpoints of a channel; to none where the folders are enough.
   *
   * @param channel a name behind {@code klingdrop.channel.}; one that is empty there stands for the
   *     channel of the failure class
   * @throws NotTaken if any endpoint fails, after all were tried; those that took it are remembered
   */
  public void send(
      @ExchangeProperty("channel") String channel,
      @ExchangeProperty("outcome") OutcomeRow row,
      @Header(Headers.FAIL_CLASS) @Nullable String failureClass,
      Exchange exchange)
      throws NotTaken {
    var reached = new HashSet<>(row.reached());
    var failures = new ArrayList<Failed>();
    for (var address : addresses(channel, failureClass)) {
      var name = address.shown();
      if (reached.contains(name)) {
        continue;
      }
      if (backoff.isResting(name)) {
        failures.add(new Failed(name, "it failed a moment ago", false));
        continue;
      }
      var failure = failureOf(address, row, exchange.getMessage());
      if (failure == null) {
        backoff.worked(name);
        reached.add(name);
      } else {
        backoff.failed(name);
        failures.add(new Failed(name, address.hide(told(failure)), true));
      }
    }
    if (!failures.isEmpty()) {
      var first =
          failures.stream().filter(Failed::tried).findFirst().orElseGet(() -> failures.get(0));
      throw new NotTaken(first.endpoint(), reached, first.tried(), first.why());
    }
  }

  private record Failed(String endpoint, String why, boolean tried) {}

  private List<Address> addresses(String channel, @Nullable String failureClass) {
    if (!settings.values().containsKey(PREFIX + channel)) {
      throw new IllegalArgumentException("there is no setting " + PREFIX + channel);
    }
    var channels = settings.outcomes().channels();
    var uris = channels.get(channel);
    if (uris == null) {
      uris = channels.getOrDefault(failureClass == null ? LANE : failureClass, List.of());
    }
    return uris.stream().map(Address::new).toList();
  }

  private @Nullable Exception failureOf(Address address, OutcomeRow row, Message message) {
    var answer =
        camel
            .get()
            .send(
                uri(address),
                ExchangePattern.InOnly,
                exchange -> {
                  var copy = exchange.getMessage();
                  copy.setBody(message.getBody());
                  message.getHeaders().forEach(copy::setHeader);
                  copy.setHeader(Exchange.FILE_NAME, row.id() + ".json");
                  if (address.isWeb()) {
                    // an address with a query would be asked with GET, without the message
                    copy.setHeader(Exchange.HTTP_METHOD, "POST");
                  }
                  if (address.scheme().equals("kafka")) {
                    copy.setHeader(KAFKA_KEY, row.subject());
                  }
                });
    return answer.getException();
  }

  private static String uri(Address address) {
    if (!address.isWeb()) {
      return address.uri();
    }
    var uri = new StringBuilder(address.uri());
    WEB_TIMEOUTS.forEach(
        (option, value) -> {
          if (!address.uri().contains(option + "=")) {
            uri.append(uri.indexOf("?") < 0 ? '?' : '&').append(option).append('=').append(value);
          }
        });
    return uri.toString();
  }

  /**
   * What is wrong with the configured endpoints, before anything is sent.
   *
   * @param context with its components and beans, not yet started
   * @return one sentence each, without secrets; empty if all is well
   */
  public List<String> problems(CamelContext context) {
    var problems = new ArrayList<String>();
    for (var channel : settings.outcomes().channels().entrySet()) {
      for (var uri : channel.getValue()) {
        var problem = problem(context, new Address(uri));
        if (problem != null) {
          problems.add(PREFIX + channel.getKey() + ": " + problem);
        }
      }
    }
    return problems;
  }

  private static @Nullable String problem(CamelContext context, Address address) {
    try {
      if (context.getComponent(address.scheme(), true, false) == null) {
        return "there is no Camel component %s for %s. Put camel-%s and its client library into"
                .formatted(address.scheme(), address.shown(), address.scheme())
            + " lib/ beside klingdrop.jar (ext/ of the zip); docs/embed.md tells how.";
      }
      if (address.isWeb() && address.uri().replaceFirst("[?].*", "").contains("@")) {
        return "a user and a password in a web address are not sent; write the options"
            + " authMethod=Basic&authUsername=…&authPassword=…";
      }
      context.getEndpoint(uri(address));
      return null;
    } catch (RuntimeException e) {
      return address.shown() + " cannot be used: " + address.hide(told(e));
    }
  }

  private static String told(Throwable failure) {
    var root = Text.root(failure);
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : ": " + root.getMessage());
  }
}
