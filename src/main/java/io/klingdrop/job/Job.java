package io.klingdrop.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bundle of input files and the request made of them: a row of the ledger as it was read.
 * Immutable; the {@code version} tells the ledger whether the reader is still up to date.
 *
 * @param id correlation id, made once at intake, on every log line
 * @param profile the inbox folder it was dropped in
 * @param subPath folders below the profile, with {@code /}, empty for none
 * @param name what the result is called, without extension
 * @param provider account it is sent to, empty if the profile is not known
 * @param model the provider's model id, empty if the profile is not known
 * @param failure why it failed, null unless it did
 * @param taskId the provider's id, verbatim, null until accepted
 * @param attempts createTask calls whose answer was not a refusal
 * @param polls recordInfo calls since the task was accepted
 * @param request the composed input as JSON, without media URLs, null until checked
 * @param contentKey hash over media, request, provider and model, null until checked
 * @param duplicateOf the first job of this content, null unless this is a duplicate
 * @param home folder that holds the bundle's files now, absolute; null when filed in the archive
 * @param filed whether the files have reached their last folder
 * @param audioMillis length of the recording, null if there is none
 * @param estimate credits expected, null if the price is not known
 * @param credits credits the provider says it took, null if it did not say
 * @param troubleSince since when the present free step has failed, null if it has not
 * @param tries how often the present free step has failed in a row
 * @param files the bundle
 * @param results what the task offers, empty until generated
 */
public record Job(
    String id,
    long version,
    String profile,
    String subPath,
    String name,
    String provider,
    String model,
    JobState state,
    @Nullable Failure failure,
    @Nullable String taskId,
    int attempts,
    int polls,
    @Nullable String request,
    @Nullable String contentKey,
    @Nullable String duplicateOf,
    @Nullable String home,
    boolean filed,
    @Nullable Long audioMillis,
    @Nullable Double estimate,
    @Nullable Double credits,
    @Nullable String providerWord,
    @Nullable Instant troubleSince,
    int tries,
    Instant createdAt,
    @Nullable Instant submittedAt,
    @Nullable Instant generatedAt,
    @Nullable Instant deliveredAt,
    Instant dueAt,
    List<BundleFile> files,
    List<ResultFile> results) {

  public Job {
    files = List.copyOf(files);
    results = List.copyOf(results);
  }

  /**
   * A bundle that has just been taken: nothing was checked or sent yet.
   *
   * @param home the folder its files lie in
   * @param at now
   */
  public static Job claimed(
      String id,
      String profile,
      String subPath,
      String name,
      String provider,
      String model,
      String home,
      Instant at,
      List<BundleFile> files) {
    return new Job(
        id,
        0,
        profile,
        subPath,
        name,
        provider,
        model,
        JobState.CLAIMED,
        null,
        null,
        0,
        0,
        null,
        null,
        null,
        home,
        false,
        null,
        null,
        null,
        null,
        null,
        0,
        at,
        null,
        null,
        null,
        at,
        files,
        List.of());
  }

  /** The same job with these files and results. */
  public Job with(List<BundleFile> files, List<ResultFile> results) {
    return new Job(
        id,
        version,
        profile,
        subPath,
        name,
        provider,
        model,
        state,
        failure,
        taskId,
        attempts,
        polls,
        request,
        contentKey,
        duplicateOf,
        home,
        filed,
        audioMillis,
        estimate,
        credits,
        providerWord,
        troubleSince,
        tries,
        createdAt,
        submittedAt,
        generatedAt,
        deliveredAt,
        dueAt,
        files,
        results);
  }

  /** What a log line calls the job: id and name, one line. */
  public String label() {
    return id + " " + Text.oneLine(path(), 120);
  }

  /** Profile, sub path and name with {@code /} between them. */
  public String path() {
    return (profile.isEmpty() ? "" : profile + "/")
        + (subPath.isEmpty() ? "" : subPath + "/")
        + name;
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
    if (request == null) {
      throw new IllegalStateException("job " + id + " has no request in state " + state);
    }
    return request;
  }
}
