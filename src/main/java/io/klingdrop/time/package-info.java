/**
 * The time the program goes by, which a test may turn. This room sees no other but {@code fault}.
 */
@NullMarked
package io.klingdrop.time;

import org.jspecify.annotations.NullMarked;
