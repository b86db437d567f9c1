package io.klingdrop.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.attachment.CamelFileDataSource;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** One request, read from the connection itself: what Camel made of its headers is never asked. */
record Request(HttpServerRequest wire, Buffer body, List<Upload> uploads) {
  /** A file, by any name, of a multipart body; it is deleted after the answer. */
  record Upload(String fileName, Path file) {}

  static Request of(Exchange exchange) {
    var message = exchange.getIn(HttpMessage.class);
    var wire = message.getRequest();
    var uploads = uploads(exchange);
    var bytes = uploads.isEmpty() ? message.getBody(byte[].class) : null;
    return new Request(wire, bytes == null ? Buffer.buffer() : Buffer.buffer(bytes), uploads);
  }

  private static List<Upload> uploads(Exchange exchange) {
    var uploads = new ArrayList<Upload>();
    var attachments = exchange.getMessage(AttachmentMessage.class);
    if (attachments.hasAttachments()) {
      for (var attachment : attachments.getAttachmentObjects().values()) {
        if (attachment.getDataHandler().getDataSource() instanceof CamelFileDataSource source) {
          uploads.add(new Upload(source.getName(), Path.of(source.getFile().getPath())));
        }
      }
    }
    // Camel keeps one file of each field
    if (exchange.getMessage().getHeader(Exchange.ATTACHMENTS_SIZE, 0, int.class) > uploads.size()) {
      throw new HttpFault(400, "field-each", "each file needs a field of its own");
    }
    return uploads;
  }

  /** A header that is there and not blank. */
  Optional<String> header(String name) {
    return Optional.ofNullable(wire.getHeader(name)).filter(text -> !text.isBlank());
  }

  /** A part of the path, or a word of the query, that is there and not blank. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(wire.getParam(name)).filter(text -> !text.isBlank());
  }

  /** A field of a form that is there, once, and not blank. */
  Optional<String> form(String name) {
    if (wire.formAttributes().getAll(name).size() > 1) {
      throw new HttpFault(400, "field-each", "the field " + name + " is there twice", name);
    }
    return Optional.ofNullable(wire.getFormAttribute(name)).filter(text -> !text.isBlank());
  }

  /** A part of the path, or a word of the query; empty if it is not there. */
  String part(String name) {
    return parameter(name).orElse("");
  }
}
