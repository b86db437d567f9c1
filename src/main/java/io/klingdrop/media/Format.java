package io.klingdrop.media;

/** Every kind of file that can be told by its bytes: what it is called, and its usual names. */
enum Format {
  PNG("image/png", "png", "a PNG picture"),
  JPEG("image/jpeg", "jpg", "a JPEG picture"),
  WEBP("image/webp", "webp", "a WebP picture"),
  GIF("image/gif", "gif", "a GIF picture"),
  BMP("image/bmp", "bmp", "a BMP picture"),
  TIFF("image/tiff", "tiff", "a TIFF picture"),
  HEIC("image/heic", "heic", "a HEIC picture"),
  AVIF("image/avif", "avif", "an AVIF picture"),
  SVG("image/svg+xml", "svg", "an SVG drawing"),
  PSD("image/vnd.adobe.photoshop", "psd", "a Photoshop document"),
  MP3("audio/mpeg", "mp3", "MP3 audio"),
  WAV("audio/wav", "wav", "WAV audio"),
  AAC("audio/aac", "aac", "AAC audio"),
  M4A("audio/mp4", "m4a", "M4A audio"),
  OGG("audio/ogg", "ogg", "Ogg audio"),
  FLAC("audio/flac", "flac", "FLAC audio"),
  AIFF("audio/aiff", "aiff", "AIFF audio"),
  AMR("audio/amr", "amr", "AMR audio"),
  WMA("video/x-ms-asf", "wma", "Windows Media (WMA or WMV)"),
  MP4("video/mp4", "mp4", "an MP4 video"),
  MOV("video/quicktime", "mov", "a QuickTime video"),
  WEBM("video/webm", "webm", "a WebM video"),
  MKV("video/x-matroska", "mkv", "a Matroska video"),
  AVI("video/x-msvideo", "avi", "an AVI video"),
  OGV("video/ogg", "ogv", "an Ogg video"),
  PDF("application/pdf", "pdf", "a PDF document"),
  ZIP("application/zip", "zip", "a ZIP archive"),
  GZIP("application/gzip", "gz", "a gzip archive"),
  HTML("text/html", "html", "an HTML page"),
  XML("application/xml", "xml", "XML"),
  JSON("application/json", "json", "JSON"),
  TEXT("text/plain", "txt", "text");

  private final String mimeType;
  private final String extension;
  private final String words;

  Format(String mimeType, String extension, String words) {
    this.mimeType = mimeType;
    this.extension = extension;
    this.words = words;
  }

  String mimeType() {
    return mimeType;
  }

  /** The usual extension, lower case, without the dot. */
  String extension() {
    return extension;
  }

  /** What stands after "the file holds". */
  String words() {
    return words;
  }
}
