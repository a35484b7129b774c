package dev.heal.dsl.diagnostic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.dsl.text.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Diagnostics for programs: one JSON object each. */
public final class JsonRenderer {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRenderer() {}

  /** One object on one line, ending with a line end. */
  public static String render(Diagnostic diagnostic) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("code", diagnostic.code());
      json.writeStringField("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
      json.writeStringField("message", diagnostic.message());
      place(json, diagnostic.span());
      if (!diagnostic.within().isEmpty()) {
        json.writeStringField("within", diagnostic.within());
      }
      if (diagnostic.help().isPresent()) {
        json.writeStringField("help", diagnostic.help().get());
      }
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return out + "\n";
  }

  private static void place(JsonGenerator json, Span span) throws IOException {
    json.writeStringField("file", span.file().name());
    json.writeNumberField("line", span.line());
    json.writeNumberField("column", span.column());
    json.writeNumberField("endLine", span.file().line(span.end()));
    json.writeNumberField("endColumn", span.file().column(span.end()));
  }
}
