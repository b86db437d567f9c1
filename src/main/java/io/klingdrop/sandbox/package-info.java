/** A provider of our own on the loopback address, so that everything can be tried without a key. */
@NullMarked
package io.klingdrop.sandbox;

import org.jspecify.annotations.NullMarked;
