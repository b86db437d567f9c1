/** The tasks of the sandbox and the files for them, whatever dialect they came in. */
@NullMarked
package io.klingdrop.sandbox.task;

import org.jspecify.annotations.NullMarked;
