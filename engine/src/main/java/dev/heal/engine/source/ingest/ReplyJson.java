package dev.heal.engine.source.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** {@code {"accepted":1,"problems":["…"]}}, and a line feed. */
final class ReplyJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ReplyJson() {}

  static byte[] of(Reply reply) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("accepted", reply.accepted());
      if (!reply.problems().isEmpty()) {
        json.writeArrayFieldStart("problems");
        for (String problem : reply.problems()) {
          json.writeString(problem);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return out.toByteArray();
  }
}
