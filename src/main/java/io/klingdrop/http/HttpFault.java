package io.klingdrop.http;

/**
 * A request that cannot be answered as asked: a status, a code for programs that stays as it is,
 * and one sentence for the caller.
 */
final class HttpFault extends RuntimeException {
  private final int status;
  private final String code;
  private final String detail;

  HttpFault(int status, String code, String message) {
    this(status, code, message, "");
  }

  /**
   * A fault about one thing.
   *
   * @param detail what it is about, such as a name, for those who word the code themselves
   */
  HttpFault(int status, String code, String message, String detail) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  Answer answer() {
    return Answer.error(status, code, String.valueOf(getMessage()), detail);
  }
}
