/** The dialect of kie.ai, as its server speaks it. */
@NullMarked
package io.klingdrop.sandbox.kie;

import org.jspecify.annotations.NullMarked;
