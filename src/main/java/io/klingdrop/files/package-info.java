/** Files handled so that none is lost, half-written or overwritten. This room sees no other. */
@NullMarked
package io.klingdrop.files;

import org.jspecify.annotations.NullMarked;
