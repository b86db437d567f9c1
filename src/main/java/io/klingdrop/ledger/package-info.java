/** The SQL ledger: the only truth about a job, one transaction for each change of state. */
@NullMarked
package io.klingdrop.ledger;

import org.jspecify.annotations.NullMarked;
