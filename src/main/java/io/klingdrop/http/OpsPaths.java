package io.klingdrop.http;

/** Where the operator's API is. */
final class OpsPaths {
  static final String API = "/ops/api";
  static final String BUNDLES = API + "/bundles";

  private OpsPaths() {}
}
