/** A picture and recordings to try everything with. */
@NullMarked
package io.klingdrop.sandbox.samples;

import org.jspecify.annotations.NullMarked;
