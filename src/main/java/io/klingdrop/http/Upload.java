package io.klingdrop.http;

import java.nio.file.Path;

/**
 * A file that came with a request; it is deleted when the request has been answered.
 *
 * @param fileName as the sender calls it; may be any text
 */
record Upload(String fileName, Path file) {}
