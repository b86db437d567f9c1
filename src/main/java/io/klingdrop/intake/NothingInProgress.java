package io.klingdrop.intake;

import org.apache.camel.spi.IdempotentRepository;

/**
 * Camel's list of files that are under way, always empty: the inbox hands out each bundle once. A
 * list with entries would keep a name for ever, for a file leaves it when its exchange completes,
 * and an exchange does not if a full queue discards the wake-up it was handed over to. Thread-safe.
 */
public final class NothingInProgress implements IdempotentRepository {

  @Override
  public boolean add(String key) {
    return true;
  }

  @Override
  public boolean contains(String key) {
    return false;
  }

  @Override
  public boolean remove(String key) {
    return true;
  }

  @Override
  public boolean confirm(String key) {
    return true;
  }

  @Override
  public void clear() {
    // there is nothing
  }

  @Override
  public void start() {
    // holds nothing
  }

  @Override
  public void stop() {
    // holds nothing
  }
}
