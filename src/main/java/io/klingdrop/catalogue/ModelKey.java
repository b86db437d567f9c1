package io.klingdrop.catalogue;

/** A model's identity. */
record ModelKey(String provider, String id) {}
