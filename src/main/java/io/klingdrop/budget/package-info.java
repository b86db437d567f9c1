/** The caps on what may be spent in a day, as arithmetic. */
@NullMarked
package io.klingdrop.budget;

import org.jspecify.annotations.NullMarked;
