package io.klingdrop.submit;

/** The id we give a task: the job's, so that a task whose answer was lost can be found by it. */
final class ExternalId {

  private ExternalId() {}

  /**
   * The id of an attempt. The first one carries the job's id as it stands; what a person submits
   * again after that is another task and needs another id, for it is unique per account (CometAPI's
   * avatar page, 2026). A refused attempt does not count: nothing carries its id.
   *
   * @param attempt 1 for the first createTask that was not refused
   */
  static String of(String jobId, int attempt) {
    return attempt <= 1 ? jobId : jobId + "-" + attempt;
  }
}
