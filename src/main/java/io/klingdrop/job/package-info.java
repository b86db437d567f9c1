/** What a job is: its states, its ways to fail, its files. This room sees no other. */
@NullMarked
package io.klingdrop.job;

import org.jspecify.annotations.NullMarked;
