package io.klingdrop.http;

/** A request that cannot be answered as asked; programs read the code, which stays as it is. */
final class HttpFault extends RuntimeException {
  private final Answer answer;

  HttpFault(int status, String code, String message) {
    this(status, code, message, "");
  }

  /** A fault about {@code detail}, such as a name, for those who word the code themselves. */
  HttpFault(int status, String code, String message, String detail) {
    super(message);
    this.answer = Answer.error(status, code, message, detail);
  }

  Answer answer() {
    return answer;
  }
}
