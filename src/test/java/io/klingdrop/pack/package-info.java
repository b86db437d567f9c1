/** What is shipped, tried as a stranger would: the single jar and the unpacked zip. */
@NullMarked
package io.klingdrop.pack;

import org.jspecify.annotations.NullMarked;
