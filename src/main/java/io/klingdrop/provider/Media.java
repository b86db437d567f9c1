package io.klingdrop.provider;

import java.nio.file.Path;

/**
 * A file a provider needs to read.
 *
 * @param file in the job's work folder
 * @param mimeType by its bytes
 * @param extension by its bytes, with the dot
 * @param sha256 of the bytes that were checked, lower-case hex
 * @param bytes how many those were
 */
public record Media(Path file, String mimeType, String extension, String sha256, long bytes) {}
