/** Tests of the running service's own rooms. */
@org.jspecify.annotations.NullMarked
package io.klingdrop.app;
