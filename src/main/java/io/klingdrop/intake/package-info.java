/** From a dropped file to a job that may be paid for: scan, settle, pair, take, check. */
@NullMarked
package io.klingdrop.intake;

import org.jspecify.annotations.NullMarked;
