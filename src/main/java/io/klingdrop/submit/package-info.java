/** The paid step: media made reachable, SUBMITTING on disk, then one createTask. */
@NullMarked
package io.klingdrop.submit;

import org.jspecify.annotations.NullMarked;
