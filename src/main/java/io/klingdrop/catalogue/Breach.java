package io.klingdrop.catalogue;

/**
 * One rule a request breaks.
 *
 * @param pointer where in the input, as a JSON pointer; empty for the input as a whole
 * @param property the name that is missing or too much, for rules about names
 * @param note how the schema describes what it wants there, may be empty
 * @param advised whether breaking it is only told
 */
record Breach(String pointer, String keyword, String property, String note, boolean advised) {
  Breach asAdvice() {
    return new Breach(pointer, keyword, property, note, true);
  }

  /** The parameter the breach belongs to, empty for the input as a whole. */
  String parameter() {
    if (pointer.isEmpty()) {
      return property;
    }
    int end = pointer.indexOf('/', 1);
    return pointer.substring(1, end < 0 ? pointer.length() : end);
  }
}
