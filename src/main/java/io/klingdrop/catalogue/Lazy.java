package io.klingdrop.catalogue;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value made on first use, once, whichever thread asks. */
final class Lazy<T> {
  private @Nullable Supplier<T> maker;
  private @Nullable T value;

  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  Lazy(T value) {
    this.value = value;
  }

  synchronized T get() {
    T known = value;
    if (known == null) {
      if (maker == null) {
        throw new IllegalStateException("neither value nor maker");
      }
      known = maker.get();
      value = known;
      maker = null;
    }
    return known;
  }
}
