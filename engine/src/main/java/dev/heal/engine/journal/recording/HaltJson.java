package dev.heal.engine.journal.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What kept the hands still when an engine began. */
final class HaltJson {
  private HaltJson() {}

  static void write(JsonGenerator json, List<Halt> halts) throws IOException {
    json.writeArrayFieldStart("halts");
    for (Halt halt : halts) {
      json.writeStartObject();
      json.writeStringField("kind", halt.kind().word());
      json.writeStringField("name", halt.name());
      json.writeNumberField("since", halt.since());
      if (halt.until() != Times.NEVER) {
        json.writeNumberField("until", halt.until());
      }
      json.writeArrayFieldStart("on");
      for (EntityId entity : halt.on()) {
        json.writeString(entity.toString());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("allowed");
      for (String verb : halt.allowed()) {
        json.writeString(verb);
      }
      json.writeEndArray();
      json.writeStringField("by", halt.by());
      json.writeStringField("because", halt.because());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Reads the array that the parser stands at. */
  static List<Halt> read(JsonParser json) throws IOException {
    List<Halt> halts = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      halts.add(one(json));
    }
    return halts;
  }

  private static Halt one(JsonParser json) throws IOException {
    String kind = "";
    String name = "";
    long since = 0;
    long until = Times.NEVER;
    NavigableSet<EntityId> on = new TreeSet<>();
    NavigableSet<String> allowed = new TreeSet<>();
    String by = "";
    String because = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "kind" -> kind = json.getText();
        case "name" -> name = json.getText();
        case "since" -> since = json.getLongValue();
        case "until" -> until = json.getLongValue();
        case "on" -> on = entities(json);
        case "allowed" -> allowed = new TreeSet<>(LineParser.words(json));
        case "by" -> by = json.getText();
        case "because" -> because = json.getText();
        default -> json.skipChildren();
      }
    }
    String word = kind;
    Halt.Kind known =
        Halt.Kind.of(kind).orElseThrow(() -> new IOException("`" + word + "` halts nothing"));
    if (name.isBlank() || until < since) {
      throw new IOException("a `" + word + "` without a name or with its end before its start");
    }
    return new Halt(known, name, since, until, on, allowed, by, because);
  }

  /** Reads the array that the parser stands at. */
  static NavigableSet<EntityId> entities(JsonParser json) throws IOException {
    NavigableSet<EntityId> entities = new TreeSet<>();
    for (String word : LineParser.words(json)) {
      entities.add(
          EntityId.parse(word).orElseThrow(() -> new IOException("`" + word + "` is no entity")));
    }
    return entities;
  }
}
