/**
 * What Camel itself lacks for routes over a ledger: the component that claims, and what a step is
 * wrapped in.
 */
@NullMarked
package io.klingdrop.camel;

import org.jspecify.annotations.NullMarked;
