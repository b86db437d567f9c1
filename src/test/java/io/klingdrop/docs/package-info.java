/** The documents: what is generated from the sources, and what every page must hold. */
@NullMarked
package io.klingdrop.docs;

import org.jspecify.annotations.NullMarked;
