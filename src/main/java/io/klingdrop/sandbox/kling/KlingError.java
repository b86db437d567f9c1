package io.klingdrop.sandbox.kling;

import java.util.Map;

/**
 * A refusal in Kling's own words. Statuses and codes are those of the official table (autumn 2026).
 *
 * @param status the HTTP status
 * @param code the business code
 * @param message for people
 */
public record KlingError(int status, int code, String message) {
  private static final Map<Integer, KlingError> TABLE =
      Map.ofEntries(
          entry(401, 1000, "Authentication failed"),
          entry(401, 1001, "Authorization is empty"),
          entry(401, 1002, "Authorization is invalid"),
          entry(401, 1003, "Authorization is not yet valid"),
          entry(401, 1004, "Authorization has expired"),
          entry(429, 1100, "Account exception"),
          entry(429, 1101, "Account in arrears"),
          entry(429, 1102, "Account balance not enough"),
          entry(403, 1103, "Unauthorized access to requested resource"),
          entry(400, 1200, "Invalid request parameters"),
          entry(400, 1201, "Invalid parameters"),
          entry(404, 1202, "The requested method is invalid"),
          entry(404, 1203, "The requested resource does not exist"),
          entry(400, 1300, "Trigger the platform strategy"),
          entry(400, 1301, "Trigger the content security policy of the platform"),
          entry(429, 1302, "The API request is too fast"),
          entry(429, 1303, "parallel task over resource pack limit"),
          entry(429, 1304, "Trigger the platform's IP whitelisting policy"),
          entry(500, 5000, "Server internal error"),
          entry(503, 5001, "Server temporarily unavailable"),
          entry(504, 5002, "Server internal timeout"));

  /**
   * The refusal of this code.
   *
   * @throws IllegalArgumentException if the official table has no such code
   */
  public static KlingError of(int code) {
    KlingError error = TABLE.get(code);
    if (error == null) {
      throw new IllegalArgumentException("Kling has no code " + code);
    }
    return error;
  }

  /** The HTTP status that goes with a code; 400 with one that the table does not have. */
  static int status(int code) {
    KlingError error = TABLE.get(code);
    return error == null ? 400 : error.status();
  }

  public KlingError saying(String words) {
    return new KlingError(status, code, words);
  }

  private static Map.Entry<Integer, KlingError> entry(int status, int code, String message) {
    return Map.entry(code, new KlingError(status, code, message));
  }
}
