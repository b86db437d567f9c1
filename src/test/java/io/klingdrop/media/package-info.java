/** What a file really is: real fixtures, and what hostile hands make of them. */
@NullMarked
package io.klingdrop.media;

import org.jspecify.annotations.NullMarked;
