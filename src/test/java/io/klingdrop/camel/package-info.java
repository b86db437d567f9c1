@NullMarked
package io.klingdrop.camel;

import org.jspecify.annotations.NullMarked;
