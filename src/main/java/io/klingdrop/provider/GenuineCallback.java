package io.klingdrop.provider;

import io.klingdrop.ledger.CallbackRows.Address;
import io.klingdrop.provider.CallbackWord.Genuine;

/**
 * A callback that came to an address of ours, from somebody who knows its secret.
 *
 * @param address whose it is
 * @param said what it says, which only the provider itself can confirm
 */
public record GenuineCallback(Address address, Genuine said) {}
