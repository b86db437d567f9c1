package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import io.klingdrop.sandbox.task.TaskArchive.Entry;
import io.klingdrop.sandbox.video.VideoMaker;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tasks it is given and makes a real video of each. Thread-safe.
 *
 * @param results folder of the finished videos
 * @param base what their addresses begin with
 * @param executor where they are made
 */
public record Workshop(
    Path results, TaskArchive archive, URI base, InstantSource clock, Executor executor)
    implements TaskLife.Source {
  private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

  @Override
  public TaskLife begin(String id, JsonNode request, CheckedRequest checked, long createdAt)
      throws IOException {
    var entry = new Entry(id, createdAt, request, checked);
    archive.save(entry);
    var life = new PromptLife(entry, base, video(id));
    executor.execute(() -> makeVideo(id, life, checked));
    return life;
  }

  /** Takes up the tasks of an earlier run where it left them; oldest first. */
  public List<SandboxTask> resume() throws IOException {
    List<SandboxTask> tasks = new ArrayList<>();
    for (var entry : archive.load()) {
      var life = new PromptLife(entry, base, video(entry.id()));
      if (Files.exists(video(entry.id()))) {
        life.videoDone(entry.createdAt(), null);
      } else {
        executor.execute(() -> makeVideo(entry.id(), life, entry.checked()));
      }
      tasks.add(new SandboxTask(entry.id(), entry.request(), entry.createdAt(), life));
    }
    return tasks;
  }

  private Path video(String id) {
    return results.resolve(id + ".mp4");
  }

  private void makeVideo(String id, PromptLife life, CheckedRequest request) {
    if (life.script().failure().isPresent()) {
      life.videoDone(clock.millis(), null);
      return;
    }
    if (request.flaw() != null) {
      life.videoDone(clock.millis(), new Verdict(400, request.flaw()));
      return;
    }
    var unfinished = results.resolve(id + ".part");
    try {
      VideoMaker.make(request.portrait(), request.voice(), request.length(), unfinished);
      if (life.script().asksFor(Oddity.BROKEN_VIDEO)) {
        try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
          file.truncate(file.size() * 3 / 5);
        }
      }
      Files.move(unfinished, video(id), StandardCopyOption.ATOMIC_MOVE);
      life.videoDone(clock.millis(), null);
    } catch (IOException | RuntimeException e) {
      LOG.warn("The video of {} cannot be made", id, e);
      life.videoDone(clock.millis(), new Verdict(500, "Internal Error, Please try again later."));
    }
  }
}
