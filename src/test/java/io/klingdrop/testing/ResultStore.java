package io.klingdrop.testing;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The videos that tasks have made, made anew whenever somebody looks. */
final class ResultStore {

  private final InstantSource time;
  private final TaskBook tasks;

  ResultStore(TaskBook tasks, InstantSource time) {
    this.time = time;
    this.tasks = tasks;
  }

  /** A video of the task, whether or not it can be fetched already; empty if it makes no such. */
  Optional<byte[]> bytes(ResultName name) {
    return tasks
        .find(name.taskId())
        .filter(task -> name.number() <= task.plan().videos)
        .map(task -> video(task, name));
  }

  /** A video that can be fetched now. */
  Optional<byte[]> stored(ResultName name) {
    return tasks
        .find(name.taskId())
        .filter(task -> task.look(time.instant()).succeeded())
        .flatMap(task -> bytes(name));
  }

  /** Serves a download; empty when there is nothing under its path. */
  Optional<Reply> serve(Call call) {
    return ResultName.parse(call.path())
        .flatMap(this::stored)
        .map(video -> Downloads.serve(call, Body.of(video), "video/mp4", Digests.sha256(video)));
  }

  /** Where a task's videos are, or the links its plan names instead. */
  static List<String> urls(FakeTask task, URI base) {
    if (!task.plan().links.isEmpty()) {
      return task.plan().links;
    }
    return IntStream.rangeClosed(1, task.plan().videos)
        .mapToObj(n -> new ResultName(task.accepted().taskId(), n).path())
        .map(path -> base.resolve(path).toString())
        .toList();
  }

  private static byte[] video(FakeTask task, ResultName name) {
    TaskPlan plan = task.plan();
    String label = name.taskId() + "-" + name.number();
    return Mp4.video(plan.videoLength, label, plan.padding);
  }
}
