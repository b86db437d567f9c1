package io.klingdrop.intake;

import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultExchange;

/**
 * One file as a source gives it. Immutable.
 *
 * @param name with its folders, as the source calls it; a slash between them and none in front
 * @param version what makes it another object if it comes again under its name; empty where the
 *     source does not tell (all but buckets: the time of a file may be anything)
 */
record Arrival(String name, String version) {

  /**
   * The file an exchange brings.
   *
   * @throws IllegalArgumentException if it has no name
   */
  static Arrival of(Exchange exchange) {
    var message = exchange.getMessage();
    var name = message.getHeader(Exchange.FILE_NAME, String.class);
    var version = "";
    if (name == null) {
      name = message.getHeader("CamelAwsS3Key", String.class);
      version =
          "%s %s"
              .formatted(
                  message.getHeader("CamelAwsS3LastModified"), message.getHeader("CamelAwsS3ETag"));
    }
    if (name == null) {
      throw new IllegalArgumentException("the source gives its files no names");
    }
    return new Arrival(name.replace('\\', '/').replaceFirst("^/+", ""), version);
  }

  /** Whether it is the empty object that stands for a folder in a bucket. */
  boolean isFolder() {
    return name.isEmpty() || name.endsWith("/");
  }

  /**
   * The source keeps the file: it hears neither that the file was taken, which would remove it, nor
   * that something went wrong, which would be told and tried again for ever. It counts the file as
   * under way until the next start.
   */
  static void leaveAtSource(Exchange exchange) throws IOException, InvalidPayloadException {
    var work = exchange.getUnitOfWork();
    if (work != null) {
      work.handoverSynchronization(new DefaultExchange(exchange.getContext()));
    }
    exchange.getMessage().getMandatoryBody(InputStream.class).close();
  }
}
