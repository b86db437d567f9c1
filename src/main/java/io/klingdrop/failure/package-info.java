/** Where what could not be done goes: all originals, the reason, the next step. */
@NullMarked
package io.klingdrop.failure;

import org.jspecify.annotations.NullMarked;
