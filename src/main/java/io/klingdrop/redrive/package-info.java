/** The ways on for a job that a person may choose, for whoever asks for them. */
@NullMarked
package io.klingdrop.redrive;

import org.jspecify.annotations.NullMarked;
