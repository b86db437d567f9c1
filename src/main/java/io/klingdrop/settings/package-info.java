/** The configuration contract: every key read, typed and judged once, before anything starts. */
@NullMarked
package io.klingdrop.settings;

import org.jspecify.annotations.NullMarked;
