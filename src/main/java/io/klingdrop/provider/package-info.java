/**
 * What the stages say to a provider and hear from it, in our words; lanes and rates of an account.
 */
@NullMarked
package io.klingdrop.provider;

import org.jspecify.annotations.NullMarked;
