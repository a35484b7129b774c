package dev.heal.engine.journal.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.json.JsonFactWriter;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;

/**
 * Inputs as JSON Lines: {@code {"stamp":…,"fact":{…}}}, where the fact is what {@link
 * JsonFactWriter} makes of it; {@code {"stamp":…,"order":7,"outcome":"done","because":…}}; {@code
 * {"stamp":…,"command":[…]}}; {@code {"stamp":…,"start":6,"ladder":2,"halts":[…],"policies":"…"}};
 * {@code {"stamp":…,"generation":3,"policies":"…","checkpoint":{…}}}; and {@code {"lost":12}} where
 * so many inputs are missing.
 *
 * <p>A fact whose line would be read as another one is written as {@code exact}.
 */
final class InputLines {
  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter line = new StringWriter();
  private final JsonFactWriter facts;

  InputLines() throws IOException {
    facts = new JsonFactWriter(line);
  }

  /** Writes one line, with its line feed. */
  void write(Recorded input, Writer out) throws IOException {
    if (input instanceof Recorded.Heard fact && isPlain(fact.fact())) {
      line.getBuffer().setLength(0);
      facts.write(fact.fact());
      facts.flush();
      out.write("{\"stamp\":");
      out.write(Long.toString(input.stamp()));
      out.write(",\"fact\":");
      out.append(line.getBuffer(), 0, line.getBuffer().length() - 1); // without its line feed
      out.write("}\n");
      return;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("stamp", input.stamp());
      write(input, json);
      json.writeEndObject();
    }
    out.write(text.append('\n').toString());
  }

  private static void write(Recorded input, JsonGenerator json) throws IOException {
    if (input instanceof Recorded.Heard heard) {
      exact(json, heard.fact());
    } else if (input instanceof Recorded.Ended ended) {
      outcome(json, ended.orderId(), ended.outcome());
    } else if (input instanceof Recorded.Commanded commanded) {
      json.writeArrayFieldStart("command");
      for (String word : commanded.words()) {
        json.writeString(word);
      }
      json.writeEndArray();
    } else if (input instanceof Recorded.Started started) {
      json.writeNumberField("start", started.past().lastOrder());
      json.writeNumberField("ladder", started.past().lastLadder());
      HaltJson.write(json, started.past().halts());
      PastJson.writeStood(json, started.past().stood());
      PastJson.writeEntries(json, started.past().entries());
      PastJson.writeCordons(json, started.past().cordons());
      PastJson.writeInterim(json, started.past().interim());
      json.writeStringField("policies", started.policies());
    } else if (input instanceof Recorded.Checkpoint checkpoint) {
      json.writeNumberField("generation", checkpoint.generation());
      json.writeStringField("policies", checkpoint.policies());
      PastJson.writeInterim(json, checkpoint.interim());
      json.writeFieldName("checkpoint");
      json.writeRawValue(checkpoint.state().get());
    } else {
      throw new IllegalArgumentException("an input of an unknown kind: " + input);
    }
  }

  /** So many inputs are missing here. */
  static void writeLost(long count, Writer out) throws IOException {
    out.write("{\"lost\":" + count + "}\n");
  }

  private static void outcome(JsonGenerator json, long order, Outcome outcome) throws IOException {
    json.writeNumberField("order", order);
    json.writeStringField("outcome", outcome.kind().name());
    json.writeStringField("because", outcome.because());
  }

  /** Whether the usual line of a fact says all of it. */
  private static boolean isPlain(Fact fact) {
    if (fact.at() < 0 || fact.at() >= ExactFact.END || fact.signal().isEmpty()) {
      return false;
    }
    if (fact instanceof Fact.Event event) {
      return event.fields().keySet().stream().noneMatch(ExactFact.RESERVED::contains);
    }
    if (fact instanceof Fact.Word word) {
      return !word.value().equals("NaN");
    }
    double value = ((Fact.Sample) fact).value();
    return !Double.isInfinite(value) && Double.doubleToRawLongBits(value) != ExactFact.MINUS_ZERO;
  }

  private static void exact(JsonGenerator json, Fact fact) throws IOException {
    json.writeObjectFieldStart("exact");
    json.writeNumberField("at", fact.at());
    json.writeStringField("entity", fact.entity().toString());
    json.writeStringField("signal", fact.signal());
    if (fact instanceof Fact.Sample sample) {
      json.writeStringField("sample", Double.toString(sample.value()));
    } else if (fact instanceof Fact.Word word) {
      json.writeStringField("word", word.value());
    } else if (fact instanceof Fact.Event event) {
      json.writeObjectFieldStart("event");
      for (Map.Entry<String, String> field : event.fields().entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
