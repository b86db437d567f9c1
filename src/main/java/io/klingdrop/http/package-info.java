/** The HTTP port: health, metrics, the operator's API and the door for callbacks. */
@NullMarked
package io.klingdrop.http;

import org.jspecify.annotations.NullMarked;
