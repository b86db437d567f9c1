package io.klingdrop.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of AWS or of any server that speaks S3.
 *
 * @param bucket empty: there is none
 * @param prefix what every key begins with, empty or with {@code /} at its end
 * @param region empty: the SDK's own way to find it
 * @param endpoint null: AWS
 * @param pathStyle whether the bucket stands in the path, not in the host
 * @param keys the secrets, empty for the SDK's own way to find some; never printed
 * @param key template of an object's key, without extension
 * @param partSize above this many bytes an object is sent in parts
 */
public record S3Settings(
    String bucket,
    String prefix,
    String region,
    @Nullable URI endpoint,
    boolean pathStyle,
    Keys keys,
    String key,
    long partSize) {

  /** Access key and secret key, both or neither; {@code toString} hides them. */
  public record Keys(String accessKey, String secretKey) {

    public boolean unset() {
      return accessKey.isEmpty();
    }

    @Override
    public String toString() {
      return "Keys[]";
    }
  }

  public boolean usable() {
    return !bucket.isEmpty();
  }

  /** What people call it: where and which bucket. */
  public String place() {
    return "bucket " + bucket + " at " + (endpoint == null ? "AWS" : endpoint);
  }
}
