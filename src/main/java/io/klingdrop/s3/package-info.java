/** A bucket: the only room that knows the SDK. It loads nothing of it before a bucket is used. */
@NullMarked
package io.klingdrop.s3;

import org.jspecify.annotations.NullMarked;
