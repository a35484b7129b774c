package dev.heal.dsl.diagnostic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.dsl.text.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Diagnostics as JSON Lines: one object for each, in the order of files and places. */
public final class JsonRenderer {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRenderer() {}

  /** Each object on a line of its own; empty for no diagnostics. */
  public static String render(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : DiagnosticOrder.sorted(diagnostics)) {
      out.append(render(diagnostic));
    }
    return out.toString();
  }

  /** One object on one line, with its line end. */
  public static String render(Diagnostic diagnostic) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("code", diagnostic.code());
      json.writeStringField("severity", diagnostic.isError() ? "error" : "warning");
      place(json, diagnostic.span());
      json.writeStringField("message", diagnostic.message());
      if (!diagnostic.label().isEmpty()) {
        json.writeStringField("label", diagnostic.label());
      }
      if (!diagnostic.within().isEmpty()) {
        json.writeStringField("within", diagnostic.within());
      }
      if (diagnostic.help().isPresent()) {
        json.writeStringField("help", diagnostic.help().get());
      }
      if (!diagnostic.related().isEmpty()) {
        json.writeArrayFieldStart("related");
        for (Diagnostic.Related related : diagnostic.related()) {
          json.writeStartObject();
          place(json, related.span());
          json.writeStringField("label", related.label());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text + "\n";
  }

  /** Lines and columns from 1, columns in code points, the end exclusive. */
  private static void place(JsonGenerator json, Span span) throws IOException {
    json.writeStringField("file", span.file().name());
    json.writeNumberField("line", span.line());
    json.writeNumberField("column", span.column());
    json.writeNumberField("endLine", span.file().line(span.end()));
    json.writeNumberField("endColumn", span.file().column(span.end()));
  }
}
