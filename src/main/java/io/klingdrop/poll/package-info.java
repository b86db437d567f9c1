/** Asking about tasks the provider accepted, until its own terminal word. */
@NullMarked
package io.klingdrop.poll;

import org.jspecify.annotations.NullMarked;
