package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.FileAnswer;
import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.MediaTypes;
import io.klingdrop.sandbox.task.UploadShelf;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.camel.Exchange;

/** The endpoints of the upload host. */
public final class UploadEndpoints {

  private final UploadShelf uploads;
  private final URI base;

  public UploadEndpoints(UploadShelf uploads, URI base) {
    this.uploads = uploads;
    this.base = base;
  }

  void takeUpload(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    if (!(message.getBody() instanceof File received)) {
      throw new Refusal(400, "Missing required parameter: file");
    }
    var answer =
        uploads.put(
            received.toPath(),
            message.getHeader("uploadPath", String.class),
            message.getHeader("fileName", String.class),
            message.getHeader(Exchange.FILE_NAME, String.class),
            base);
    Http.json(exchange, Envelope.uploaded(answer));
  }

  void takeBase64(Exchange exchange) throws IOException {
    var request = Http.body(exchange, 400);
    var answer =
        uploads.putBase64(
            request.path("base64Data").asText(null),
            request.path("uploadPath").asText(null),
            request.path("fileName").asText(null),
            base);
    Http.json(exchange, Envelope.uploaded(answer));
  }

  void sendUpload(Exchange exchange) throws IOException {
    var file = uploads.find(Http.path(exchange));
    if (file.isEmpty()) {
      Http.answer(exchange, 404, "text/plain", new byte[0]);
      return;
    }
    FileAnswer.send(Http.request(exchange), file.get(), MediaTypes.of(file.get().toString()));
  }
}
