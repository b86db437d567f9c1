package io.klingdrop.media;

import java.util.List;

/**
 * What the header of a picture says.
 *
 * @param mimeType {@code image/png}, {@code image/jpeg} or {@code image/webp}
 * @param extension the usual file extension of that type, lower case, without the dot
 * @param width pixels from left to right as stored, 1 or more; an EXIF rotation is not applied
 * @param height pixels from top to bottom as stored, 1 or more; an EXIF rotation is not applied
 * @param oddities what may make it look different elsewhere, sentences that start in lower case and
 *     have no full stop
 */
public record ImageFacts(
    String mimeType, String extension, int width, int height, List<String> oddities) {
  public ImageFacts {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("sides are %d x %d, at least 1".formatted(width, height));
    }
    oddities = List.copyOf(oddities);
  }
}
