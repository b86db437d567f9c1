/** How the service is: what is looked at, when it is said aloud, and the report of it. */
@NullMarked
package io.klingdrop.health;

import org.jspecify.annotations.NullMarked;
