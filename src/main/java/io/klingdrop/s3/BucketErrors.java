package io.klingdrop.s3;

import io.klingdrop.job.Text;
import io.klingdrop.s3.StoreException.Trouble;
import io.klingdrop.settings.S3Settings;
import java.nio.file.FileSystemException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What went wrong in a bucket, in plain words. Codes: docs.aws.amazon.com/AmazonS3/latest/API,
 * ErrorResponses, 2026-11.
 */
final class BucketErrors {
  private static final Set<String> NO_BUCKET = Set.of("NoSuchBucket", "InvalidBucketName");
  private static final Set<String> WRONG_REGION =
      Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint");

  private BucketErrors() {}

  /** For what the SDK throws: its own exceptions, and the wire's where it leaves them bare. */
  static StoreException of(S3Settings settings, RuntimeException e) {
    var place = settings.place();
    if (e.getCause() instanceof FileSystemException) {
      return trouble(Trouble.OBJECT, "the file cannot be read: " + reason(e), e);
    }
    if (!(e instanceof AwsServiceException answer)) {
      return trouble(Trouble.PLACE, place + " cannot be reached: " + reason(e), e);
    }
    var details = answer.awsErrorDetails();
    var code =
        details == null || details.errorCode() == null
            ? "HTTP " + answer.statusCode()
            : details.errorCode();
    if (answer.statusCode() == 412) {
      return trouble(Trouble.TAKEN, "the key has an object already (" + code + ")", e);
    }
    if (NO_BUCKET.contains(code)) {
      return trouble(
          Trouble.PLACE, place + " does not exist; make it, or set klingdrop.s3.bucket", e);
    }
    if (WRONG_REGION.contains(code) || answer.statusCode() == 301) {
      return trouble(Trouble.PLACE, place + " lies in another region; set klingdrop.s3.region", e);
    }
    if (answer.statusCode() == 401 || answer.statusCode() == 403) {
      return trouble(
          Trouble.PLACE,
          place
              + " refuses the keys ("
              + code
              + "); check klingdrop.s3.access-key and secret-key, and that they may put, get and"
              + " list",
          e);
    }
    if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
      return trouble(Trouble.PLACE, place + " does not work now (" + code + ")", e);
    }
    var message = details == null ? "" : ": " + details.errorMessage();
    return trouble(Trouble.OBJECT, place + " refused the object (" + code + message + ")", e);
  }

  private static StoreException trouble(Trouble trouble, String message, RuntimeException cause) {
    return new StoreException(trouble, Text.oneLine(message, 500), cause);
  }

  private static String reason(Throwable e) {
    var root = Text.root(e);
    var message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  static boolean notFound(StoreException e) {
    return e.getCause() instanceof AwsServiceException answer && answer.statusCode() == 404;
  }

  static boolean refused(StoreException e) {
    return e.getCause() instanceof AwsServiceException answer && answer.statusCode() == 403;
  }

  /** Whether the server does not know the condition that keeps objects from being replaced. */
  static boolean unknownCondition(StoreException e) {
    return e.getCause() instanceof AwsServiceException answer && answer.statusCode() == 501;
  }
}
