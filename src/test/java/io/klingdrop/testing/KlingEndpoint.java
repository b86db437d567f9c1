package io.klingdrop.testing;

import java.util.Optional;

/** The calls a speaker of the Kling protocol answers, each with its method and path. */
public enum KlingEndpoint {
  CREATE_AVATAR("POST", "/v1/videos/avatar/image2video", false),
  /** One task by its own id or by the client's. */
  QUERY_AVATAR("GET", "/v1/videos/avatar/image2video", true),
  CREATE_IMAGE("POST", "/v1/videos/image2video", false),
  /** One task by its own id or by the client's. */
  QUERY_IMAGE("GET", "/v1/videos/image2video", true),
  /** What is left of the account's packages. */
  COSTS("GET", "/account/costs", false),
  /** A finished video, served without a key and outside the prefix. */
  RESULT("GET", "/result", false),
  /** Anything else. */
  UNKNOWN("", "", false);

  private final String method;
  private final String path;
  private final boolean one;

  KlingEndpoint(String method, String path, boolean one) {
    this.method = method;
    this.path = path;
    this.one = one;
  }

  /** The path behind the prefix; that of {@code QUERY_…} goes on with a slash and an id. */
  public String path() {
    return path;
  }

  /** Whether a task may come of it. */
  public boolean creates() {
    return this == CREATE_AVATAR || this == CREATE_IMAGE;
  }

  /** Where the tasks of this endpoint are created. */
  KlingEndpoint creator() {
    return this == QUERY_AVATAR ? CREATE_AVATAR : this == QUERY_IMAGE ? CREATE_IMAGE : this;
  }

  /** The endpoint a call is meant for, of a double that answers below the prefix. */
  static KlingEndpoint of(Call call, String prefix) {
    if (call.endpoint() == Endpoint.RESULT) {
      return RESULT;
    }
    for (KlingEndpoint endpoint : values()) {
      if (call.method().equals(endpoint.method) && endpoint.covers(call.path(), prefix)) {
        return endpoint;
      }
    }
    return UNKNOWN;
  }

  /** The task a query or a download is about, by the id the call names, of either kind. */
  Optional<String> id(Call call) {
    return one
        ? Optional.of(call.path().substring(call.path().lastIndexOf('/') + 1))
        : call.taskId();
  }

  private boolean covers(String called, String prefix) {
    String whole = prefix + path;
    return one
        ? called.startsWith(whole + "/") && called.lastIndexOf('/') == whole.length()
        : called.equals(whole);
  }
}
