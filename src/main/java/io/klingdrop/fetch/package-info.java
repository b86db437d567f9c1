/** Bringing the finished video home: streamed, judged, hashed, kept. */
@NullMarked
package io.klingdrop.fetch;

import org.jspecify.annotations.NullMarked;
