/** The wire dialect of kie.ai. */
@NullMarked
package io.klingdrop.provider.kie;

import org.jspecify.annotations.NullMarked;
