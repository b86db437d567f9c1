/** What every stage is built from. */
@NullMarked
package io.klingdrop.stage;

import org.jspecify.annotations.NullMarked;
