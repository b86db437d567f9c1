/** Tests of the HTTP port. */
@org.jspecify.annotations.NullMarked
package io.klingdrop.http;
