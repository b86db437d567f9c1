package io.klingdrop.testing;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * One file a client uploaded.
 *
 * @param url where it can be fetched from, and what a task refers to it by
 * @param fileName the field {@code fileName} if the client sent one
 * @param partFileName the file name of the multipart part, if it had one
 * @param uploadPath the field {@code uploadPath}
 * @param contentType of the part, empty when it had none
 * @param bytes how many
 * @param sha256 of the bytes, lower-case hex
 * @param file where the bytes are until the double closes
 * @param at when the last byte had arrived
 */
public record Upload(
    URI url,
    Optional<String> fileName,
    Optional<String> partFileName,
    String uploadPath,
    String contentType,
    long bytes,
    String sha256,
    Path file,
    Instant at) {

  /** The last part of the URL's path. */
  public String storedName() {
    return url.getPath().substring(url.getPath().lastIndexOf('/') + 1);
  }
}
