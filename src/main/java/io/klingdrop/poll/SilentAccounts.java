package io.klingdrop.poll;

import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;

/**
 * What is done once the callbacks of an account do not come any more: its tasks, which were left
 * alone because their end would be told, are due for a look now. Thread-safe.
 */
record SilentAccounts(CallbackRows rows, Settings settings, InstantSource clock) {
  /**
   * Has those tasks looked at that are old enough for a first look.
   *
   * @param account its name; empty for all accounts
   */
  void lookNow(String account) {
    var now = clock.instant();
    var acceptedBy = now.minus(settings.poll().first());
    settings.providers().stream()
        .map(ProviderSettings::name)
        .filter(name -> account.isEmpty() || name.equals(account))
        .forEach(name -> rows.hasten(name, acceptedBy, now));
  }
}
