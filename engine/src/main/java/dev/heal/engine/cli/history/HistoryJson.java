package dev.heal.engine.cli.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.decide.Times;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Incidents for programs: one JSON object on one line each. */
public final class HistoryJson {
  private final JsonGenerator json;

  /** Writes to {@code out}, and does not close it. */
  public HistoryJson(Writer out) throws IOException {
    json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
  }

  /** An incident by itself. */
  public void write(Incident incident) throws IOException {
    json.writeStartObject();
    head(incident);
    end();
  }

  /** An incident with its entries and orders. */
  public void write(IncidentStory story) throws IOException {
    json.writeStartObject();
    head(story.incident());
    entries("happened", story.happened());
    json.writeArrayFieldStart("orders");
    for (StoredOrder order : story.orders()) {
      order(order);
    }
    json.writeEndArray();
    entries("not_done", story.notDone());
    end();
  }

  private void head(Incident incident) throws IOException {
    json.writeNumberField("incident", incident.number());
    json.writeStringField("fault", incident.instance().fault());
    json.writeStringField("entity", incident.instance().entity().toString());
    json.writeStringField("since", Times.iso(incident.since()));
    time("until", incident.until());
    json.writeStringField("repair", incident.state().word());
  }

  private void entries(String name, List<StoredEntry> entries) throws IOException {
    json.writeArrayFieldStart(name);
    for (StoredEntry stored : entries) {
      entry(stored);
    }
    json.writeEndArray();
  }

  private void entry(StoredEntry stored) throws IOException {
    Entry entry = stored.noted().entry();
    json.writeStartObject();
    json.writeNumberField("sequence", stored.sequence());
    json.writeStringField("t", Times.iso(entry.at()));
    json.writeStringField("type", entry.type().word());
    text("policy", entry.policy());
    if (entry.rung().isPresent()) {
      json.writeNumberField("rung", entry.rung().getAsInt());
    }
    text("verb", entry.verb());
    text("target", entry.target());
    time("deadline", entry.deadline());
    text("outcome", entry.outcome());
    json.writeStringField("because", entry.because());
    if (stored.noted().generation().isPresent()) {
      json.writeNumberField("generation", stored.noted().generation().getAsLong());
    }
    text("place", stored.noted().place());
    json.writeEndObject();
  }

  private void order(StoredOrder order) throws IOException {
    OrderPlan plan = order.plan();
    json.writeStartObject();
    json.writeNumberField("order", plan.id());
    json.writeStringField("purpose", plan.purpose().name().toLowerCase(Locale.ROOT));
    json.writeStringField("policy", plan.policy());
    json.writeStringField("verb", plan.verb());
    text("object", plan.object());
    json.writeStringField("target", plan.target().toString());
    json.writeStringField("settings", plan.settings());
    time("deadline", plan.deadline());
    json.writeStringField("state", order.state().word());
    json.writeStringField("planned", Times.iso(order.plannedAt()));
    time("started", order.startedAt());
    time("ended", order.endedAt());
    text("because", order.because());
    text("replaced", order.memento());
    json.writeBooleanField("undo_pending", order.undoPending());
    json.writeEndObject();
  }

  private void text(String name, Optional<?> value) throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get().toString());
    }
  }

  private void time(String name, OptionalLong at) throws IOException {
    if (at.isPresent()) {
      json.writeStringField(name, Times.iso(at.getAsLong()));
    }
  }

  private void end() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }
}
