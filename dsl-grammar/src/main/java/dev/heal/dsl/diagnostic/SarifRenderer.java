package dev.heal.dsl.diagnostic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.dsl.text.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Diagnostics as one SARIF 2.1.0 log (OASIS standard), for code review tools. */
public final class SarifRenderer {
  private static final JsonFactory JSON = new JsonFactory();

  private final String version;
  private final Map<String, String> titles;

  /**
   * @param version of heal
   * @param titles of the codes; a code without one is listed by its number alone
   */
  public SarifRenderer(String version, Map<String, String> titles) {
    this.version = version;
    this.titles = Map.copyOf(titles);
  }

  /** The whole log with its line end; one without results where nothing is wrong. */
  public String render(List<Diagnostic> diagnostics) {
    List<Diagnostic> sorted = DiagnosticOrder.sorted(diagnostics);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      tool(json, sorted);
      json.writeStringField("columnKind", "unicodeCodePoints");
      json.writeArrayFieldStart("results");
      for (Diagnostic diagnostic : sorted) {
        result(json, diagnostic);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.append('\n').toString();
  }

  private void tool(JsonGenerator json, List<Diagnostic> diagnostics) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "heal");
    json.writeStringField("version", version);
    json.writeArrayFieldStart("rules");
    for (String code : diagnostics.stream().map(Diagnostic::code).distinct().sorted().toList()) {
      json.writeStartObject();
      json.writeStringField("id", code);
      if (titles.containsKey(code)) {
        message(json, "shortDescription", titles.getOrDefault(code, code));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void result(JsonGenerator json, Diagnostic diagnostic) throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", diagnostic.code());
    json.writeStringField("level", diagnostic.isError() ? "error" : "warning");
    String help = diagnostic.help().map(text -> "\n" + text).orElse("");
    message(json, "message", diagnostic.message() + help);
    json.writeArrayFieldStart("locations");
    location(json, diagnostic.span(), "");
    json.writeEndArray();
    if (!diagnostic.related().isEmpty()) {
      json.writeArrayFieldStart("relatedLocations");
      for (Diagnostic.Related related : diagnostic.related()) {
        location(json, related.span(), related.label());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void location(JsonGenerator json, Span span, String label) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(span.file().name()));
    json.writeEndObject();
    json.writeObjectFieldStart("region");
    json.writeNumberField("startLine", span.line());
    json.writeNumberField("startColumn", span.column());
    json.writeNumberField("endLine", span.file().line(span.end()));
    json.writeNumberField("endColumn", span.file().column(span.end()));
    json.writeEndObject();
    json.writeEndObject();
    if (!label.isEmpty()) {
      message(json, "message", label);
    }
    json.writeEndObject();
  }

  private static void message(JsonGenerator json, String field, String text) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /** A relative reference as RFC 3986 wants it: everything else percent-encoded. */
  private static String uri(String name) {
    StringBuilder uri = new StringBuilder();
    for (byte b : name.replace('\\', '/').getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      uri.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return uri.toString();
  }
}
