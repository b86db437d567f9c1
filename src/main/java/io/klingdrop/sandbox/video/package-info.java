/** Makes the video of a task: a still that moves its mouth to the voice. */
@NullMarked
package io.klingdrop.sandbox.video;

import org.jspecify.annotations.NullMarked;
