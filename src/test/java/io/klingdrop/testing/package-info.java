/** What the tests stand on: a provider that runs on this machine, and small real media. */
@NullMarked
package io.klingdrop.testing;

import org.jspecify.annotations.NullMarked;
