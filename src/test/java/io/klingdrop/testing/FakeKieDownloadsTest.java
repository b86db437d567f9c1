package io.klingdrop.testing;

import static io.klingdrop.testing.Endpoint.RESULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double as storage, good and bad. */
class FakeKieDownloadsTest {

  private final FakeKie kie = FakeKie.start();
  private final TestClient client = new TestClient(kie);
  private byte[] video = {};
  private String link = "";

  @BeforeEach
  void makeOneVideo() throws IOException {
    String taskId = client.newTask();
    video = kie.resultBytes(taskId, 1);
    link = kie.url() + "/result/" + taskId + "-1.mp4";
  }

  @AfterEach
  void close() {
    kie.close();
  }

  @Test
  void aVideoComesWithLengthTypeAndTag() throws IOException {
    HttpResponse<byte[]> response = client.get(link);
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(video.length);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("video/mp4");
    assertThat(response.headers().firstValue("ETag")).isPresent();
    assertThat(response.body()).isEqualTo(video);
  }

  @Test
  void rangesAreServed() throws IOException {
    int length = video.length;
    assertRange("bytes=0-0", 0, 1);
    assertRange("bytes=5-9", 5, 10);
    assertRange("bytes=5-", 5, length);
    assertRange("bytes=-7", length - 7, length);
    assertRange("bytes=5-999999999", 5, length);
    HttpResponse<byte[]> beyond = client.get(link, "Range", "bytes=" + length + "-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + length);
    assertThat(client.get(link, "Range", "lines=1-2").statusCode()).isEqualTo(200);
    assertThat(client.get(link, "Range", "bytes=5-", "If-Range", "\"old\"").body())
        .isEqualTo(video);
  }

  @Test
  void aDownloadBrokenInTheMiddleCanBeResumed() throws IOException {
    kie.on(RESULT).next(Faults.resetAfter(1000));
    var got = new ByteArrayOutputStream();
    assertThatThrownBy(() -> rawGet(got)).isInstanceOf(IOException.class);
    byte[] first = body(got);
    assertThat(first).isEqualTo(Arrays.copyOf(video, 1000));
    byte[] rest = client.get(link, "Range", "bytes=1000-").body();
    assertThat(rest).isEqualTo(Arrays.copyOfRange(video, 1000, video.length));
  }

  @Test
  void aShortBodyIsShort() throws IOException {
    kie.on(RESULT).next(Faults.truncateAfter(1000), Faults.lengthOffBy(1));
    kie.on(RESULT).next(Faults.lengthOffBy(-1));
    assertThatThrownBy(() -> client.get(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.get(link)).isInstanceOf(IOException.class);
    assertThat(client.get(link).body()).hasSize(video.length - 1);
  }

  @Test
  void aDownloadCanStallOrDrip() throws IOException {
    kie.on(RESULT).next(Faults.stallAfter(1000), Faults.drip(500, Duration.ofMillis(2)));
    assertThatThrownBy(
            () -> {
              try (Socket socket = ask()) {
                socket.setSoTimeout(300);
                socket.getInputStream().readAllBytes();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("timed out");
    assertThat(client.get(link).body()).isEqualTo(video);
  }

  @Test
  void aDownloadCanBeRefusedAtFirst() throws IOException {
    kie.on(RESULT).times(2, Answers.statusPage(403)).next(Answers.status(404));
    assertThat(client.get(link).statusCode()).isEqualTo(403);
    assertThat(client.get(link).statusCode()).isEqualTo(403);
    assertThat(client.get(link).statusCode()).isEqualTo(404);
    assertThat(client.get(link).statusCode()).isEqualTo(200);
  }

  @Test
  void aDownloadCanLeadElsewhereOrNowhere() throws IOException {
    kie.on(RESULT).next(Answers.redirectTo(URI.create("http://10.0.0.1/x")), Answers.html());
    kie.on(RESULT).next(Answers.zeroBytes());
    HttpResponse<byte[]> redirect = client.get(link);
    assertThat(redirect.statusCode()).isEqualTo(302);
    assertThat(redirect.headers().firstValue("Location")).hasValue("http://10.0.0.1/x");
    assertThat(TestClient.text(client.get(link))).startsWith("<!DOCTYPE html>");
    HttpResponse<byte[]> empty = client.get(link);
    assertThat(empty.headers().firstValue("Content-Type")).hasValue("video/mp4");
    assertThat(empty.body()).isEmpty();
  }

  @Test
  void aRangeCanBeIgnored() throws IOException {
    kie.on(RESULT).next(Faults.ignoreRange());
    HttpResponse<byte[]> response = client.get(link, "Range", "bytes=1000-");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(video);
  }

  @Test
  void threeGigabytesNeedNoMemory() throws IOException {
    long bytes = 3L << 30;
    kie.on(RESULT).next(Answers.hugeVideo(bytes));
    try (Socket socket = ask()) {
      byte[] buffer = new byte[1 << 16];
      InputStream in = socket.getInputStream();
      long seen = 0;
      for (int got = in.read(buffer); got >= 0 && seen < 200_000_000; got = in.read(buffer)) {
        seen += got;
      }
      assertThat(seen).isGreaterThanOrEqualTo(200_000_000);
    }
  }

  @Test
  void onlyTheHeadIsSentWhenOnlyTheHeadIsAsked() throws IOException {
    try (Socket socket = ask("HEAD", "Connection: close\r\n")) {
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer)
          .startsWith("HTTP/1.1 200 ")
          .contains("Content-Length: " + video.length)
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void aVideoNobodyMadeIsNotFound() throws IOException {
    assertThat(client.get(kie.url() + "/result/x-1.mp4").statusCode()).isEqualTo(404);
    assertThat(client.get(link.replace("-1.mp4", ".mp4")).statusCode()).isEqualTo(404);
    assertThat(client.get(kie.url() + Endpoint.FILE.path() + "x").statusCode()).isEqualTo(404);
  }

  @Test
  void aVideoIsThereWhenItsTaskHasSucceeded() throws IOException {
    kie.holdTasks();
    String taskId = client.newTask();
    String early = kie.url() + "/result/" + taskId + "-1.mp4";
    assertThat(client.get(early).statusCode()).isEqualTo(404);
    assertThat(client.downloadUrl(early).path("code").asInt()).isEqualTo(422);
    kie.finish(taskId);
    assertThat(client.get(early).body()).isEqualTo(kie.resultBytes(taskId, 1));
    assertThat(client.get(early.replace("-1.", "-2.")).statusCode()).isEqualTo(404);
  }

  private void assertRange(String range, int from, int to) throws IOException {
    HttpResponse<byte[]> response = client.get(link, "Range", range);
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.headers().firstValue("Content-Range"))
        .hasValue("bytes %d-%d/%d".formatted(from, to - 1, video.length));
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(video, from, to));
  }

  private void rawGet(ByteArrayOutputStream into) throws IOException {
    try (Socket socket = ask()) {
      socket.getInputStream().transferTo(into);
    }
  }

  private Socket ask() throws IOException {
    return ask("GET", "");
  }

  private Socket ask(String method, String headers) throws IOException {
    var socket = new Socket("127.0.0.1", kie.url().getPort());
    String path = URI.create(link).getPath();
    String head = "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(method, path, headers);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static byte[] body(ByteArrayOutputStream answer) {
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    String body = text.substring(text.indexOf("\r\n\r\n") + 4);
    return body.getBytes(StandardCharsets.ISO_8859_1);
  }
}
