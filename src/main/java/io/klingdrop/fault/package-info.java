/** Deaths on request, for tests that prove what a crash leaves behind. This room sees no other. */
@NullMarked
package io.klingdrop.fault;

import org.jspecify.annotations.NullMarked;
