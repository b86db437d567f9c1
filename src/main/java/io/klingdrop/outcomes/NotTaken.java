package io.klingdrop.outcomes;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An endpoint did not take a message; the message keeps its place and is sent again. */
public final class NotTaken extends Exception {
  final String endpoint;
  final transient Set<String> reached;
  final boolean tried;

  /**
   * Some endpoint did not take it.
   *
   * @param endpoint its name, without secrets
   * @param reached the endpoints that have taken it
   * @param tried false if it was left alone because it failed a moment ago
   */
  NotTaken(String endpoint, Set<String> reached, boolean tried, @Nullable String why) {
    super(endpoint + " did not take it" + (why == null ? "" : ": " + why));
    this.endpoint = endpoint;
    this.reached = Set.copyOf(reached);
    this.tried = tried;
  }
}
