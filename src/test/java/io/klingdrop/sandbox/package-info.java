/** Tests of the sandbox, over real HTTP and with real files. */
@NullMarked
package io.klingdrop.sandbox;

import org.jspecify.annotations.NullMarked;
