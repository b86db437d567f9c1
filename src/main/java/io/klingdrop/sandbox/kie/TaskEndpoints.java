package io.klingdrop.sandbox.kie;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.FileAnswer;
import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.MediaTypes;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskDesk;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints of the API host, and the results. */
public final class TaskEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(TaskEndpoints.class);
  private static final Duration HANG = Duration.ofSeconds(60);

  private final TaskDesk desk;
  private final InstantSource clock;
  private final URI base;
  private final CountDownLatch closing;

  /** Requests that are held end early when {@code closing} is counted down. */
  public TaskEndpoints(TaskDesk desk, InstantSource clock, URI base, CountDownLatch closing) {
    this.desk = desk;
    this.clock = clock;
    this.base = base;
    this.closing = closing;
  }

  void createTask(Exchange exchange) throws IOException {
    var task = desk.create(Http.body(exchange, 422));
    var data = Envelope.object().put("taskId", task.id()).put("recordId", task.id());
    Http.json(exchange, Envelope.success(data));
    Http.noteOddity(exchange, task);
  }

  void hangUp(Exchange exchange) throws InterruptedException {
    boolean closed = closing.await(HANG.toSeconds(), TimeUnit.SECONDS);
    LOG.debug("Hanging up{}", closed ? ", the sandbox closes" : "");
    Http.request(exchange).connection().close();
  }

  void readRecord(Exchange exchange) {
    var id = exchange.getMessage().getHeader("taskId", "", String.class);
    var task = desk.find(id);
    if (!Http.answersHtml(exchange, task)) {
      Http.json(exchange, Envelope.success(KieRecord.of(task, task.look(clock.millis()), base)));
    }
  }

  void countCredits(Exchange exchange) {
    Http.json(exchange, Envelope.success(DoubleNode.valueOf(desk.credits())));
  }

  void renewResult(Exchange exchange) {
    var url = Http.body(exchange, 422).path("url").asText("");
    var task = desk.taskOfResult(url.substring(url.lastIndexOf('/') + 1));
    int path = url.indexOf(SandboxTask.RESULTS);
    if (path < 0 || task.isEmpty()) {
      throw new Refusal(422, "url is wrong");
    }
    task.get().renew();
    Http.json(exchange, Envelope.success(TextNode.valueOf(base + url.substring(path))));
  }

  void sendResult(Exchange exchange) throws IOException {
    var task = desk.taskOfResult(Http.path(exchange).substring(SandboxTask.RESULTS.length()));
    if (task.isEmpty()) {
      Http.answer(exchange, 404, "text/plain", new byte[0]);
    } else if (!task.get().admits(clock.millis())) {
      Http.answer(exchange, 403, "text/plain", new byte[0]);
    } else {
      Path video = desk.video(task.get());
      FileAnswer.send(Http.request(exchange), video, MediaTypes.of(video.toString()));
    }
  }
}
