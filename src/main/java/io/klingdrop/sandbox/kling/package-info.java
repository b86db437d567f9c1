/** The dialect of Kling, as its server speaks it. */
@NullMarked
package io.klingdrop.sandbox.kling;

import org.jspecify.annotations.NullMarked;
