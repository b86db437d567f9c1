package io.klingdrop.provider.kling;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;

/**
 * The body of a create request. Media without an address stand in it as base64 without {@code
 * data:} and without line breaks (CometAPI's and Kling's avatar pages, 2026); they are read from
 * their files while the body is sent, so that no job holds a second copy in memory.
 */
final class KlingRequest {
  private final ObjectNode fields;
  private final Map<String, Path> embedded;
  private final ObjectMapper mapper;

  /**
   * A request of these fields.
   *
   * @param embedded media files by the field they go to
   */
  KlingRequest(ObjectNode fields, Map<String, Path> embedded, ObjectMapper mapper) {
    this.fields = fields;
    this.embedded = new TreeMap<>(embedded);
    this.mapper = mapper;
  }

  /** The body, of a length known beforehand: some gateways take no chunks. */
  HttpEntity entity() throws IOException {
    return new EntityTemplate(length(), ContentType.APPLICATION_JSON, null, this::write);
  }

  private long length() throws IOException {
    var hollow = fields.deepCopy();
    embedded.keySet().forEach(field -> hollow.put(field, ""));
    long length = mapper.writeValueAsBytes(hollow).length;
    for (var file : embedded.values()) {
      length += (Files.size(file) + 2) / 3 * 4;
    }
    return length;
  }

  private void write(OutputStream out) throws IOException {
    try (var json = mapper.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : fields.properties()) {
        if (!embedded.containsKey(field.getKey())) {
          json.writeFieldName(field.getKey());
          json.writeTree(field.getValue());
        }
      }
      for (var media : embedded.entrySet()) {
        json.writeFieldName(media.getKey());
        try (var in = Files.newInputStream(media.getValue())) {
          json.writeBinary(
              Base64Variants.MIME_NO_LINEFEEDS, in, Math.toIntExact(Files.size(media.getValue())));
        }
      }
      json.writeEndObject();
    }
  }
}
