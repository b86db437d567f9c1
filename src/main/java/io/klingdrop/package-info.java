/** The program's front door and the wiring of its rooms. */
@NullMarked
package io.klingdrop;

import org.jspecify.annotations.NullMarked;
