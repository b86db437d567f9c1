/** The wire dialect of Kling, as Kling itself, CometAPI and relays speak it. */
@NullMarked
package io.klingdrop.provider.kling;

import org.jspecify.annotations.NullMarked;
