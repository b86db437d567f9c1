package io.klingdrop.provider.kling;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a create request. Media without an address stand in it as base64 without {@code
 * data:} and without line breaks (CometAPI's and Kling's avatar pages, 2026); they are read from
 * their files while the body is sent, so that no job holds a second copy in memory. The files are
 * opened beforehand: one that cannot be read must show before a byte of the request has left.
 */
final class KlingCreateBody implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KlingCreateBody.class);

  private final ObjectNode fields;
  private final Map<String, FileChannel> open = new TreeMap<>();
  private final ObjectMapper mapper;
  private final long length;

  /** Opens the media that go to the named fields; nothing is open if one of them cannot be. */
  KlingCreateBody(ObjectNode fields, Map<String, Path> embedded, ObjectMapper mapper)
      throws IOException {
    this.fields = fields;
    this.mapper = mapper;
    try {
      for (var media : new TreeMap<>(embedded).entrySet()) {
        open.put(media.getKey(), FileChannel.open(media.getValue()));
      }
      this.length = length();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** The body, of a length known beforehand: some gateways take no chunks. */
  HttpEntity entity() {
    return new EntityTemplate(length, ContentType.APPLICATION_JSON, null, this::write);
  }

  private long length() throws IOException {
    var hollow = fields.deepCopy();
    open.keySet().forEach(field -> hollow.put(field, ""));
    long length = mapper.writeValueAsBytes(hollow).length;
    for (var file : open.values()) {
      length += (file.size() + 2) / 3 * 4;
    }
    return length;
  }

  private void write(OutputStream out) throws IOException {
    try (var json = mapper.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : fields.properties()) {
        if (!open.containsKey(field.getKey())) {
          json.writeFieldName(field.getKey());
          json.writeTree(field.getValue());
        }
      }
      for (var media : open.entrySet()) {
        json.writeFieldName(media.getKey());
        var file = media.getValue().position(0);
        json.writeBinary(
            Base64Variants.MIME_NO_LINEFEEDS,
            Channels.newInputStream(file),
            Math.toIntExact(file.size()));
      }
      json.writeEndObject();
    }
  }

  /** Never throws: by then the request may have been sent, and its answer is what counts. */
  @Override
  public void close() {
    for (var file : open.values()) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.debug("a file that was only read did not close", e);
      }
    }
  }
}
