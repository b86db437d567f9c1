/**
 * For tests of routes, those of this program and those that somebody changed or added: jobs to send
 * through, stand-ins for what claims and takes back, and a way to run a route once.
 */
@NullMarked
package io.klingdrop.testkit;

import org.jspecify.annotations.NullMarked;
