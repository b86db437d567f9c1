/** What belongs to the process, whatever it serves: lock, memory, log, tracing, added jars. */
@NullMarked
package io.klingdrop.process;

import org.jspecify.annotations.NullMarked;
