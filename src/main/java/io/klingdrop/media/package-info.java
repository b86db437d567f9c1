/** What a media file really is, told from its own bytes and never from its name. */
@NullMarked
package io.klingdrop.media;

import org.jspecify.annotations.NullMarked;
