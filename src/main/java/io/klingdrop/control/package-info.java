/** Wiring and life cycle: folders, lock, recovery at start, idle watch, Camel Main. */
@NullMarked
package io.klingdrop.control;

import org.jspecify.annotations.NullMarked;
