/** Tests of the time the program goes by. */
@org.jspecify.annotations.NullMarked
package io.klingdrop.time;
