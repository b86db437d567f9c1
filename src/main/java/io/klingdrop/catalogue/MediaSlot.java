package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The place of one media role in a model's input: its field and what the model takes there.
 * Immutable.
 *
 * @param taker who takes it, for messages: {@code kling/v1-avatar-standard at kie}
 * @param field the provider's name for it
 * @param list whether the field holds a list of texts, also for one file; roles that share it
 *     follow in role order
 * @param required whether the model does nothing without it
 * @param instead the parameter that may be given in place of a file, never together with one; empty
 *     if there is none
 * @param max how many files of this role the model takes, at least 1
 * @param codecs how sound may be stored, by the words of the media room, as the documents name it;
 *     anything else is told and sent all the same, since documents seldom say what is refused;
 *     empty for anything
 * @param hard limits whose breach is refused
 * @param soft limits whose breach is told and sent all the same: an older or another page states
 *     them, or the provider only advises them
 */
public record MediaSlot(
    MediaRole role,
    String taker,
    String field,
    boolean list,
    boolean required,
    Optional<String> instead,
    int max,
    List<String> codecs,
    Limits hard,
    Limits soft) {

  public MediaSlot {
    codecs = List.copyOf(codecs);
  }

  /** What to refuse of a file, then what to warn of; what is not known is not checked. */
  public List<Finding> check(
      String mimeType,
      long bytes,
      OptionalInt width,
      OptionalInt height,
      Optional<Duration> length) {
    return against(new MediaCheck.File(mimeType, bytes, width, height, length)).findings();
  }

  /** Why a file of that size is refused whatever is in it; empty if it is not. */
  public Optional<Finding> tooLarge(long bytes) {
    var unread =
        new MediaCheck.File("", bytes, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    return against(unread).tooLarge();
  }

  private MediaCheck against(MediaCheck.File file) {
    return new MediaCheck(role, taker, hard, soft, file);
  }

  /** What to say of sound that is stored like this, or nothing. */
  public Optional<Finding> codec(String codec) {
    return codecs.isEmpty() || codecs.contains(codec)
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                role.key() + ".codec",
                "the sound of the %s is stored as %s; %s is documented for %s; it is sent all the same"
                    .formatted(role.noun(), Words.clean(codec), taker, Words.anyOf(codecs))));
  }

  /**
   * Puts the files' addresses (or whatever stands for the files) into a request's input, after what
   * the field already holds if it is a list.
   *
   * @throws IllegalArgumentException if there are more than {@link #max}, or several for one value
   */
  public void addTo(ObjectNode input, List<String> addresses) {
    if (addresses.size() > max || (!list && addresses.size() > 1)) {
      throw new IllegalArgumentException(
          "%s takes %d of %s, not %d".formatted(taker, max, field, addresses.size()));
    }
    if (list) {
      addresses.forEach(input.withArrayProperty(field)::add);
    } else {
      addresses.forEach(address -> input.put(field, address));
    }
  }
}
