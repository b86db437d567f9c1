/** A job as JSON: the words that notes, messages, the API and {@code --json} have in common. */
@NullMarked
package io.klingdrop.document;

import org.jspecify.annotations.NullMarked;
