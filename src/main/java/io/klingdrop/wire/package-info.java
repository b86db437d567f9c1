/**
 * How calls leave this program: HTTP clients that repeat nothing, wait in bounds, and know what
 * left.
 */
@NullMarked
package io.klingdrop.wire;

import org.jspecify.annotations.NullMarked;
