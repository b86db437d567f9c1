package io.klingdrop.http;

/** Where the operator's page and API are. */
final class OpsPaths {
  static final String PAGE = "/ops/";
  static final String API = "/ops/api";
  static final String BUNDLES = API + "/bundles";
  static final String JOBS = API + "/jobs";

  private OpsPaths() {}
}
