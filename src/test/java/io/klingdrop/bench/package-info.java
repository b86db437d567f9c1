/** Figures of the shipped program: how fast it starts, how little it needs, how much it takes. */
@NullMarked
package io.klingdrop.bench;

import org.jspecify.annotations.NullMarked;
