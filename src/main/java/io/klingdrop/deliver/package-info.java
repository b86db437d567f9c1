/** Handing results to their targets, each with a receipt, and filing the sources. */
@NullMarked
package io.klingdrop.deliver;

import org.jspecify.annotations.NullMarked;
