package io.klingdrop.provider;

import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.time.Time;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The accounts this program may use. Immutable. */
public final class Providers {
  private final Map<String, Account> accounts;

  /** An account: its gateway, its settings, and the pace of its paid call. */
  public record Account(Provider gateway, ProviderSettings settings, RateLimiter createPace) {

    /** An account that has made no calls yet. */
    public Account(Provider gateway, ProviderSettings settings, Time time) {
      this(gateway, settings, new RateLimiter(settings.createRate(), time));
    }

    /** Whether a task whose answer was lost can be looked for here. */
    public boolean findsTasks() {
      return settings.quirks().lookup() != ProviderSettings.Lookup.OFF;
    }

    public String name() {
      return gateway.name();
    }
  }

  public Providers(List<Account> accounts) {
    this.accounts =
        accounts.stream().collect(Collectors.toUnmodifiableMap(Account::name, Function.identity()));
  }

  public Collection<Account> all() {
    return accounts.values();
  }

  /** The account of that name; an illegal state if the configuration no longer has it. */
  public Account account(String name) {
    var account = accounts.get(name);
    if (account == null) {
      throw new IllegalStateException("there is no provider called " + name + " any more");
    }
    return account;
  }
}
