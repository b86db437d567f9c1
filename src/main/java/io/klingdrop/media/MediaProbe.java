package io.klingdrop.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says what a file really is, from its bytes. Only headers and the sizes between them are read,
 * nothing is decoded; memory stays the same whatever a file claims, and no more than a gigabyte is
 * looked through. All methods may be called from many threads at once.
 */
public final class MediaProbe {
  /** Far beyond what any model takes and any program draws; JPEG can claim four times as many. */
  private static final long MOST_PIXELS = 1_000_000_000;

  private MediaProbe() {}

  /**
   * Looks at a picture; PNG, JPEG and WebP are taken.
   *
   * @throws MediaException when the file is empty, something else, cut off or damaged
   * @throws IOException when it cannot be read
   */
  public static ImageFacts image(Path path) throws MediaException, IOException {
    try (var file = FileBytes.open(path, MediaKind.IMAGE)) {
      var format = formatOf(file);
      var picture =
          switch (format) {
            case PNG -> PngReader.read(file);
            case JPEG -> JpegReader.read(file);
            case WEBP -> WebpReader.read(file);
            default -> throw wrongFormat(file, path, format);
          };
      if ((long) picture.width() * picture.height() > MOST_PIXELS) {
        throw file.damaged(
            "its header claims %d x %d pixels".formatted(picture.width(), picture.height()));
      }
      return picture;
    }
  }

  /**
   * Looks at a recording and measures it; MP3, WAV, AAC (ADTS), M4A, Ogg (Vorbis, Opus, FLAC,
   * Speex) and FLAC are taken, and an MP4 video for the sake of its sound track, which is then
   * {@code audio/mp4}.
   *
   * @throws MediaException when the file is empty, something else, cut off, damaged or without
   *     sound
   * @throws IOException when it cannot be read
   */
  public static AudioFacts audio(Path path) throws MediaException, IOException {
    try (var file = FileBytes.open(path, MediaKind.AUDIO)) {
      var format = formatOf(file);
      var sound =
          switch (format) {
            case MP3 -> Mp3Reader.read(file);
            case WAV -> WavReader.read(file);
            case AAC -> AdtsReader.read(file);
            case M4A, MP4 -> mp4Sound(file);
            case OGG -> OggReader.read(file);
            case FLAC -> FlacReader.read(file);
            default -> throw wrongFormat(file, path, format);
          };
      var kept = format == Format.MP4 ? Format.M4A : format;
      return new AudioFacts(
          kept.mimeType(), kept.extension(), sound.codec(), sound.length(), sound.oddities());
    }
  }

  private static Sound mp4Sound(FileBytes file) throws MediaException, IOException {
    if (Id3Tag.length(file, 0) > 0) {
      throw new MediaException(
          "an ID3 tag stands before the M4A sound and moves it out of its place; take the tag off"
              + " or save the recording anew");
    }
    return Mp4Reader.read(file).sound();
  }

  /**
   * Looks at a video, such as a finished result; MP4, QuickTime, WebM and Matroska are taken.
   *
   * @throws MediaException when the file is empty, something else (an HTML page, say), cut off,
   *     damaged or without pictures
   * @throws IOException when it cannot be read
   */
  public static VideoFacts video(Path path) throws MediaException, IOException {
    try (var file = FileBytes.open(path, MediaKind.VIDEO)) {
      var format = formatOf(file);
      var length =
          switch (format) {
            case MP4, MOV, M4A -> {
              var movie = Mp4Reader.read(file);
              if (movie.hasSound() && !movie.hasVideo()) {
                throw wrongFormat(file, path, Format.M4A);
              }
              yield movie.videoLength();
            }
            case WEBM, MKV -> MatroskaReader.length(file);
            default -> throw wrongFormat(file, path, format);
          };
      var kept = format == Format.M4A ? Format.MP4 : format;
      return new VideoFacts(kept.mimeType(), kept.extension(), length);
    }
  }

  private static Format formatOf(FileBytes file) throws MediaException, IOException {
    if (file.size() == 0) {
      throw new MediaException("the file is empty (0 bytes)");
    }
    var format = Sniffer.sniff(file);
    if (format.isPresent()) {
      return format.get();
    }
    var start = new StringBuilder();
    for (int i = 0; i < Math.min(4, file.size()); i++) {
      start.append(String.format(Locale.ROOT, " %02X", file.u8(i)));
    }
    throw new MediaException(
        "the file is not a %s of a known kind, its first bytes are%s"
            .formatted(file.kind().noun(), start));
  }

  /** Names the extension when that is what misled; only known ones, so nothing odd is repeated. */
  private static MediaException wrongFormat(FileBytes file, Path path, Format format) {
    var kind = file.kind();
    var extension = extension(path);
    if (kind.isNamed(extension) && !extension.equals(format.extension())) {
      return new MediaException(
          "the file is named .%s but holds %s".formatted(extension, format.words()));
    }
    return format.mimeType().startsWith(kind.name().toLowerCase(Locale.ROOT))
        ? new MediaException("the file holds %s, not %s".formatted(format.words(), kind.accepted()))
        : new MediaException("the file holds %s, not a %s".formatted(format.words(), kind.noun()));
  }

  private static String extension(Path path) {
    var name = String.valueOf(path.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
