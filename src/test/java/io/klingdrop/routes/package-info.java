/** Each route file by itself: every branch, every way a step can break off. */
@NullMarked
package io.klingdrop.routes;

import org.jspecify.annotations.NullMarked;
