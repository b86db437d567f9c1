package io.klingdrop.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Model;
import io.klingdrop.process.StartException;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.provider.CountingProvider;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.NotSetUp;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Tally;
import io.klingdrop.provider.kie.KieCalls;
import io.klingdrop.provider.kie.KieProvider;
import io.klingdrop.provider.kling.KlingCalls;
import io.klingdrop.provider.kling.KlingProvider;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import io.klingdrop.wire.HttpClients;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/**
 * Connects every account to the dialect it speaks: its routes, its HTTP clients, its error table.
 */
final class ProviderFactory {
  private final Settings settings;
  private final Catalogue catalogue;
  private final ObjectMapper mapper;
  private final Time clock;
  private final Supplier<ProducerTemplate> wire;
  private final BiConsumer<String, Object> registry;
  private final Consumer<RouteBuilder> routes;
  private final HttpClients clients;
  private final Tally tally = new Tally();

  /**
   * Gateways of one Camel context.
   *
   * @param wire sends to the routes once Camel runs
   * @param registry takes the clients
   * @param routes takes the routes
   */
  ProviderFactory(
      Settings settings,
      Catalogue catalogue,
      ObjectMapper mapper,
      Time clock,
      Supplier<ProducerTemplate> wire,
      BiConsumer<String, Object> registry,
      Consumer<RouteBuilder> routes) {
    this.settings = settings;
    this.catalogue = catalogue;
    this.mapper = mapper;
    this.clock = clock;
    this.wire = wire;
    this.registry = registry;
    this.routes = routes;
    this.clients = new HttpClients(settings.proxy());
  }

  /** What the accounts were asked so far. */
  Tally tally() {
    return tally;
  }

  /**
   * Connects all accounts.
   *
   * @throws StartException if an error table is wrong
   */
  Providers connect() {
    routes.accept(new AnswerRoutes());
    return new Providers(
        settings.providers().stream()
            .map(
                account ->
                    new Providers.Account(
                        new CountingProvider(gateway(account), tally), account, clock))
            .toList());
  }

  private Provider gateway(ProviderSettings account) {
    if (!account.usable()) {
      return new NotSetUp(account.name(), account.missing());
    }
    if (account.name().equals("kie")) {
      registry.accept(KieCalls.CREATE_CLIENT, clients.forCreate(account));
      registry.accept(KieCalls.ASKING_CLIENT, clients.forAsking(account));
      registry.accept(KieCalls.UPLOAD_CLIENT, clients.forUploads(account));
      routes.accept(new KieCalls(account, mapper));
      return new KieProvider(wire, account, errorTable("kie"), clock);
    }
    registry.accept(KlingCalls.createClient(account.name()), clients.forCreate(account));
    registry.accept(KlingCalls.askingClient(account.name()), clients.forAsking(account));
    routes.accept(new KlingCalls(account));
    return new KlingProvider(
        wire, account, model -> wire(account, model), errorTable("kling"), mapper, clock);
  }

  private Map<String, String> wire(ProviderSettings account, String model) {
    return catalogue.model(account.name(), model).map(Model::wire).orElse(Map.of());
  }

  private ErrorTable errorTable(String dialect) {
    try {
      return ErrorTable.load(settings.workingFolder().resolve("config"), dialect);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }
}
