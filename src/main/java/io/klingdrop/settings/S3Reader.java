package io.klingdrop.settings;

import static io.klingdrop.settings.TypedValues.sound;

import io.klingdrop.job.Suggest;
import io.klingdrop.job.Units;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the settings of the bucket. */
record S3Reader(TypedValues values) {
  /** What a key may be made of; the values are made safe when they are filled in. */
  private static final List<String> TOKENS =
      List.of("prefix", "profile", "path", "name", "job", "date", "provider", "model", "task");

  private static final Pattern TOKEN = Pattern.compile("\\{([^{}]*)}");

  /** S3 takes parts of 5 MiB to 5 GiB, and single objects up to 5 GiB (AWS, 2026-11). */
  private static final long LEAST_PART = 5L << 20;

  private static final long MOST_PART = 5L << 30;

  S3Settings read() {
    var endpoint =
        values.text("klingdrop.s3.endpoint").isEmpty() ? null : values.url("klingdrop.s3.endpoint");
    var style = values.oneOf("klingdrop.s3.path-style", List.of("auto", "true", "false"));
    var region = values.text("klingdrop.s3.region");
    return new S3Settings(
        values.value("klingdrop.s3.bucket", S3Reader::bucket, ""),
        values.value("klingdrop.s3.prefix", S3Reader::prefix, ""),
        region.isEmpty() && endpoint != null ? "us-east-1" : region,
        endpoint,
        style.equals("auto") ? endpoint != null : style.equals("true"),
        keys(),
        values.value("klingdrop.s3.key", S3Reader::template, "{name}"),
        values.value("klingdrop.s3.part-size", S3Reader::partSize, LEAST_PART));
  }

  private S3Settings.Keys keys() {
    var access = values.text("klingdrop.s3.access-key");
    var secret = values.text("klingdrop.s3.secret-key");
    if (access.isEmpty() != secret.isEmpty()) {
      values.problem("klingdrop.s3.access-key and klingdrop.s3.secret-key only work together");
    }
    return new S3Settings.Keys(access, secret);
  }

  private static String bucket(String text) {
    var fine = text.isEmpty() || text.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]");
    return sound(
        text,
        fine,
        "'%s' is no bucket name: 3 to 63 letters, digits, dots and hyphens".formatted(text));
  }

  private static String prefix(String text) {
    return plain(text.isEmpty() || text.endsWith("/") ? text : text + "/");
  }

  private static String template(String text) {
    for (var token : TOKEN.matcher(text).results().map(match -> match.group(1)).toList()) {
      sound(
          token,
          TOKENS.contains(token),
          "{%s} is not known%s; there are: %s"
              .formatted(token, Suggest.hint(token, TOKENS), String.join(", ", TOKENS)));
    }
    plain(TOKEN.matcher(text).replaceAll("x"));
    var ends = text.endsWith("{name}") || text.endsWith("{job}");
    return sound(text, ends, "must end in {name} or {job}; the extension follows it");
  }

  /** Fixed parts of a key: what every server and every tool takes as it is. */
  private static String plain(String text) {
    var fine = text.matches("[A-Za-z0-9!_.*'()/ =@:,-]*") && !text.startsWith("/");
    sound(
        text,
        fine,
        "'%s' should hold letters, digits and !_.*'()=@:,- only, with / inside".formatted(text));
    return sound(text, text.length() <= 500, "is longer than 500 bytes");
  }

  private static long partSize(String text) {
    var size = Units.size(text);
    var fine = size >= LEAST_PART && size <= MOST_PART;
    return sound(size, fine, "is %s, from 5MiB to 5GiB".formatted(text));
  }
}
