/** Wiring and life cycle: checks and recovery at start, idle watch, Camel Main. */
@NullMarked
package io.klingdrop.app;

import org.jspecify.annotations.NullMarked;
