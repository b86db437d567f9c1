package io.klingdrop.testing;

import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.sandbox.task.UploadShelf;

/** The calls the provider answers, each with its method and path. */
public enum Endpoint {
  UPLOAD("POST", "/api/file-stream-upload"),
  CREATE_TASK("POST", "/api/v1/jobs/createTask"),
  RECORD_INFO("GET", "/api/v1/jobs/recordInfo"),
  CREDIT("GET", "/api/v1/chat/credit"),
  DOWNLOAD_URL("POST", "/api/v1/common/download-url"),
  /** An uploaded file, served without a key. */
  FILE("GET", UploadShelf.PREFIX),
  /** A finished video, served without a key. */
  RESULT("GET", ResultName.PREFIX),
  /** Anything else; answered with 404. */
  UNKNOWN("", "");

  private final String method;
  private final String path;

  Endpoint(String method, String path) {
    this.method = method;
    this.path = path;
  }

  /** The exact path, or for {@link #FILE} and {@link #RESULT} what their paths begin with. */
  public String path() {
    return path;
  }

  /** Whether this is plain storage, which knows no key and no JSON envelope. */
  public boolean isStorage() {
    return this == FILE || this == RESULT;
  }

  static Endpoint of(String method, String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.isStorage()) {
        if (path.startsWith(endpoint.path) && (method.equals("GET") || method.equals("HEAD"))) {
          return endpoint;
        }
      } else if (path.equals(endpoint.path) && method.equals(endpoint.method)) {
        return endpoint;
      }
    }
    return UNKNOWN;
  }
}
