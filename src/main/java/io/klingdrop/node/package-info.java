/**
 * One node among others at a ledger: what it alone may do now, how it keeps that right and how it
 * gives it away. Coordination is the ledger's leases and nothing else.
 */
@NullMarked
package io.klingdrop.node;

import org.jspecify.annotations.NullMarked;
