package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What one request is expected to cost, in the provider's credits. An estimate for {@code plan} and
 * for budgets; the provider's own figure after the fact is the truth. Immutable.
 *
 * @param table the price, or mappings from a parameter's value to the price, nested in the order of
 *     {@code by}
 * @param by the parameters the price depends on, may be empty
 * @param per {@code audio} or the parameter whose seconds are multiplied by the price; empty for a
 *     price per request
 * @param wholeSeconds how a fraction of a second counts
 * @param defaults what the model uses for parameters a request leaves out
 * @param source where and when the price was read or measured
 */
public record Price(
    JsonNode table,
    List<String> by,
    String per,
    Whole wholeSeconds,
    Map<String, JsonNode> defaults,
    String source) {

  /** How a fraction of a second is billed. */
  public enum Whole {
    EXACT,
    /** Not at all, but at least one second. */
    DOWN,
    /** As a whole second. */
    UP
  }

  public Price {
    table = table.deepCopy();
    by = List.copyOf(by);
    defaults = Map.copyOf(defaults);
  }

  /** The credits for one request, empty if the table does not cover it; no audio is zero. */
  public OptionalDouble estimate(Duration audio, JsonNode input) {
    @Nullable JsonNode price = table;
    for (String parameter : by) {
      JsonNode value = valueOf(parameter, input);
      price = value == null || price == null ? null : price.get(value.asText());
    }
    if (price == null || !price.isNumber()) {
      return OptionalDouble.empty();
    }
    BigDecimal unit = price.decimalValue();
    if (per.isEmpty()) {
      return OptionalDouble.of(unit.doubleValue());
    }
    BigDecimal seconds = seconds(audio, input);
    if (seconds.signum() <= 0) {
      return OptionalDouble.empty();
    }
    BigDecimal billed =
        switch (wholeSeconds) {
          case EXACT -> seconds;
          case DOWN -> seconds.setScale(0, RoundingMode.DOWN).max(BigDecimal.ONE);
          case UP -> seconds.setScale(0, RoundingMode.UP);
        };
    return OptionalDouble.of(unit.multiply(billed).doubleValue());
  }

  private BigDecimal seconds(Duration audio, JsonNode input) {
    if (per.equals("audio")) {
      return BigDecimal.valueOf(audio.toMillis()).movePointLeft(3);
    }
    JsonNode value = valueOf(per, input);
    try {
      return value == null ? BigDecimal.ZERO : new BigDecimal(value.asText());
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }

  private @Nullable JsonNode valueOf(String parameter, JsonNode input) {
    JsonNode value = input.get(parameter);
    return value != null ? value : defaults.get(parameter);
  }
}
