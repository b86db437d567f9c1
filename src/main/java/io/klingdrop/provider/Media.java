package io.klingdrop.provider;

import java.nio.file.Path;

/**
 * A file a provider needs to read.
 *
 * @param file in the job's work folder
 * @param mimeType by its bytes
 * @param extension by its bytes, with the dot
 */
public record Media(Path file, String mimeType, String extension) {}
