/** Tells others what became of jobs and lanes: each outcome once it is true, until it arrives. */
@NullMarked
package io.klingdrop.outcomes;

import org.jspecify.annotations.NullMarked;
