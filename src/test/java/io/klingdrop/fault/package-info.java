/** Tests of the places where a test may let the program die. */
@org.jspecify.annotations.NullMarked
package io.klingdrop.fault;
