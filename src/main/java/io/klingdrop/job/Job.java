package io.klingdrop.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bundle of input files and the request made of them: a row of the ledger as it was read.
 * Immutable; the {@code version} tells the ledger whether the reader is still up to date.
 *
 * @param id correlation id, made once at intake, on every log line
 * @param origin where in the inbox it was dropped
 * @param goal who is to make its video
 * @param failure why it failed, null unless it did
 * @param taskId the provider's id, verbatim, null until accepted
 * @param home folder that holds the bundle's files now, absolute; null when filed in the archive
 * @param filed whether the files have reached their last folder
 * @param files the bundle
 * @param results what the task offers, empty until generated
 */
public record Job(
    String id,
    long version,
    Origin origin,
    Goal goal,
    JobState state,
    @Nullable Failure failure,
    @Nullable String taskId,
    @Nullable String home,
    boolean filed,
    Content content,
    Cost cost,
    Progress progress,
    Times times,
    List<BundleFile> files,
    List<ResultFile> results) {

  public Job {
    files = List.copyOf(files);
    results = List.copyOf(results);
  }

  /**
   * Where a bundle was dropped.
   *
   * @param profile the inbox folder
   * @param subPath folders below the profile, with {@code /}, empty for none
   * @param name what the result is called, without extension
   */
  public record Origin(String profile, String subPath, String name) {}

  /**
   * Who is to make a video; both are empty if the profile is not known.
   *
   * @param provider account it is sent to
   * @param model the provider's model id
   */
  public record Goal(String provider, String model) {}

  /**
   * What is asked for.
   *
   * @param request the composed input as JSON, without media URLs, null until checked
   * @param key hash over media, request, provider and model, null until checked
   * @param duplicateOf the first job of this content, null unless this is a duplicate
   */
  public record Content(
      @Nullable String request, @Nullable String key, @Nullable String duplicateOf) {
    /** Of a bundle that was not checked yet. */
    public static final Content UNCHECKED = new Content(null, null, null);
  }

  /**
   * What a job costs, and by what that is reckoned.
   *
   * @param audioMillis length of the recording, null if there is none
   * @param estimate credits expected, null if the price is not known
   * @param credits credits the provider says it took, null if it did not say
   */
  public record Cost(
      @Nullable Long audioMillis, @Nullable Double estimate, @Nullable Double credits) {
    /** Of a bundle that was not checked yet. */
    public static final Cost UNKNOWN = new Cost(null, null, null);
  }

  /**
   * How often was tried what.
   *
   * @param attempts createTask calls whose answer was not a refusal
   * @param polls recordInfo calls since the task was accepted
   * @param word what the provider called the task's state last, null if it did not say
   * @param tries how often the present free step has failed in a row
   * @param troubleSince since when it has failed, null if it has not
   */
  public record Progress(
      int attempts, int polls, @Nullable String word, int tries, @Nullable Instant troubleSince) {
    public static final Progress NONE = new Progress(0, 0, null, 0, null);
  }

  /**
   * When a job came to its stages; null for those it has not reached.
   *
   * @param due when somebody is to take it up next
   */
  public record Times(
      Instant created,
      @Nullable Instant submitted,
      @Nullable Instant generated,
      @Nullable Instant delivered,
      Instant due) {
    /** Of a job that is made now and due now. */
    public static Times begun(Instant now) {
      return new Times(now, null, null, null, now);
    }
  }

  /**
   * A bundle that has just been taken: nothing was checked or sent yet.
   *
   * @param home the folder its files lie in
   */
  public static Job claimed(
      String id, Origin origin, Goal goal, String home, Instant now, List<BundleFile> files) {
    return new Job(
        id,
        0,
        origin,
        goal,
        JobState.CLAIMED,
        null,
        null,
        home,
        false,
        Content.UNCHECKED,
        Cost.UNKNOWN,
        Progress.NONE,
        Times.begun(now),
        files,
        List.of());
  }

  public Job with(List<BundleFile> files, List<ResultFile> results) {
    return new Job(
        id, version, origin, goal, state, failure, taskId, home, filed, content, cost, progress,
        times, files, results);
  }

  public String profile() {
    return origin.profile();
  }

  public String subPath() {
    return origin.subPath();
  }

  public String name() {
    return origin.name();
  }

  public String provider() {
    return goal.provider();
  }

  public String model() {
    return goal.model();
  }

  public int attempts() {
    return progress.attempts();
  }

  /** What a log line calls the job: id and name, one line. */
  public String label() {
    return id + " " + Text.oneLine(path(), 120);
  }

  /** Profile, sub path and name with {@code /} between them. */
  public String path() {
    return (profile().isEmpty() ? "" : profile() + "/")
        + (subPath().isEmpty() ? "" : subPath() + "/")
        + name();
  }

  /** The task id of a job that has one. */
  public String task() {
    if (taskId == null) {
      throw new IllegalStateException("job " + id + " has no task id in state " + state);
    }
    return taskId;
  }

  /** The composed input of a job that was checked. */
  public String composedRequest() {
    var request = content.request();
    if (request == null) {
      throw new IllegalStateException("job " + id + " has no request in state " + state);
    }
    return request;
  }
}
