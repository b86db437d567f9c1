/** What the providers' models take and cost, kept as data, and the requests made from it. */
@NullMarked
package io.klingdrop.catalogue;

import org.jspecify.annotations.NullMarked;
