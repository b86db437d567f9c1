package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model of one provider: the files and parameters it takes, and what it costs. Immutable and
 * safe for concurrent use.
 *
 * @param provider the provider's short name, as in {@code klingdrop.provider.<name>.…}
 * @param id the provider's name for the model, sent as it stands
 * @param title what people call it
 * @param source the page or exchange this was taken from, with its date
 * @param fixed input fields that are the same in every request
 * @param unlessGiven texts for parameters that are left out or left empty. They are sent, but do
 *     not make one request another: a bundle stays the same when a later version words them
 *     differently
 * @param wire what else the provider's dialect must know, such as a path; its meaning is the
 *     dialect's
 * @param price what a request costs, if known
 * @param expected how long a run usually takes, for the first look and for advice; never a limit
 */
public record Model(
    String provider,
    String id,
    String title,
    String source,
    Map<MediaRole, MediaSlot> media,
    InputSchema input,
    Map<String, JsonNode> fixed,
    Map<String, String> unlessGiven,
    Map<String, String> wire,
    Optional<Price> price,
    Duration expected) {

  /** What {@link #expected} is when the file does not say. */
  public static final Duration USUALLY = Duration.ofMinutes(3);

  /** Copies the maps; {@code media} iterates in the order of the roles. */
  public Model {
    var slots = new EnumMap<MediaRole, MediaSlot>(MediaRole.class);
    slots.putAll(media);
    media = Collections.unmodifiableMap(slots);
    fixed = Map.copyOf(fixed);
    unlessGiven = Map.copyOf(unlessGiven);
    wire = Map.copyOf(wire);
  }

  /** Where files of a role go, if the model takes any. */
  public Optional<MediaSlot> slot(MediaRole role) {
    return Optional.ofNullable(media.get(role));
  }

  /** Puts in what is sent where nobody gave anything. */
  public void fill(ObjectNode request) {
    unlessGiven.forEach(
        (name, text) -> {
          if (request.path(name).asText("").isBlank()) {
            request.put(name, text);
          }
        });
  }

  public boolean takesAudio() {
    return media.containsKey(MediaRole.AUDIO);
  }

  public boolean needsAudio() {
    return slot(MediaRole.AUDIO).filter(MediaSlot::required).isPresent();
  }

  public boolean needsImage() {
    return slot(MediaRole.IMAGE).filter(MediaSlot::required).isPresent();
  }

  /** {@code kling/v1-avatar-standard at kie}. */
  public String label() {
    return id + " at " + provider;
  }

  List<String> mediaFields() {
    return media.values().stream().map(MediaSlot::field).distinct().toList();
  }
}
