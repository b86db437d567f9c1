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
import java.util.ArrayList;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/**
 * Connects every account of one Camel context to the dialect it speaks: its routes, its HTTP
 * clients, its error table.
 *
 * @param wire sends to the routes once Camel runs
 * @param tally of what the accounts were asked so far
 */
record ProviderFactory(
    Settings settings,
    Catalogue catalogue,
    ObjectMapper mapper,
    Time clock,
    Supplier<ProducerTemplate> wire,
    BiConsumer<String, Object> registry,
    Consumer<RouteBuilder> routes,
    Tally tally) {
  /** Connects all accounts; does not start if an error table is wrong. */
  Providers connect() {
    routes.accept(new AnswerRoutes());
    var accounts = new ArrayList<Providers.Account>();
    for (var account : settings.providers()) {
      var gateway = new CountingProvider(gateway(account), tally);
      accounts.add(new Providers.Account(gateway, account, clock));
    }
    return new Providers(accounts);
  }

  private Provider gateway(ProviderSettings account) {
    if (!account.usable()) {
      return new NotSetUp(account.name(), account.missing());
    }
    var clients = new HttpClients(settings.proxy());
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
