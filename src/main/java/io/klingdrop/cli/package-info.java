/** The command line: one class for each verb. */
@NullMarked
package io.klingdrop.cli;

import org.jspecify.annotations.NullMarked;
