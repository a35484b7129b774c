package dev.heal.engine.journal.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Stood;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What an engine took over from the one before, as rows of words; an empty word is none. */
final class PastJson {
  private static final int ENTRY_WORDS = 10;

  private PastJson() {}

  static void writeStood(JsonGenerator json, List<Stood> stood) throws IOException {
    json.writeArrayFieldStart("stood");
    for (Stood one : stood) {
      row(json, one.words());
    }
    json.writeEndArray();
  }

  static void writeEntries(JsonGenerator json, List<Entry> entries) throws IOException {
    json.writeArrayFieldStart("did");
    for (Entry entry : entries) {
      row(json, words(entry));
    }
    json.writeEndArray();
  }

  static void writeCordons(JsonGenerator json, NavigableSet<EntityId> cordons) throws IOException {
    if (!cordons.isEmpty()) {
      json.writeFieldName("cordons");
      row(json, cordons.stream().map(EntityId::toString).toList());
    }
  }

  /** Reads the array that the parser stands at. */
  static NavigableSet<EntityId> readCordons(JsonParser json) throws IOException {
    return HaltJson.entities(json);
  }

  static void writeInterim(JsonGenerator json, Interim interim) throws IOException {
    if (!interim.isNone()) {
      json.writeFieldName("interim");
      row(json, interim.words());
    }
  }

  /** Reads the array that the parser stands at. */
  static Interim readInterim(JsonParser json) throws IOException {
    List<String> words = LineParser.words(json);
    return Interim.parse(words)
        .orElseThrow(() -> new IOException("nothing is in force for a time so: " + words));
  }

  private static void row(JsonGenerator json, List<String> words) throws IOException {
    json.writeStartArray();
    for (String word : words) {
      json.writeString(word);
    }
    json.writeEndArray();
  }

  /** Reads the array that the parser stands at. */
  static List<Stood> readStood(JsonParser json) throws IOException {
    List<Stood> stood = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_ARRAY) {
      List<String> words = LineParser.words(json);
      stood.add(
          Stood.parse(words).orElseThrow(() -> new IOException("nothing stood so: " + words)));
    }
    return stood;
  }

  /** Reads the array that the parser stands at. */
  static List<Entry> readEntries(JsonParser json) throws IOException {
    List<Entry> entries = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_ARRAY) {
      entries.add(entry(LineParser.words(json)));
    }
    return entries;
  }

  private static List<String> words(Entry entry) {
    return List.of(
        Long.toString(entry.at()),
        entry.type().word(),
        entry.instance().map(FaultInstance::fault).orElse(""),
        entry.instance().map(instance -> instance.entity().toString()).orElse(""),
        entry.policy().orElse(""),
        entry.rung().isPresent() ? Integer.toString(entry.rung().getAsInt()) : "",
        entry.verb().orElse(""),
        entry.target().map(EntityId::toString).orElse(""),
        entry.outcome().orElse(""),
        entry.because());
  }

  private static Entry entry(List<String> words) throws IOException {
    if (words.size() != ENTRY_WORDS) {
      throw new IOException("not %d words: %s".formatted(ENTRY_WORDS, words));
    }
    try {
      Optional<FaultInstance> instance =
          EntityId.parse(words.get(3)).map(entity -> new FaultInstance(words.get(2), entity));
      return new Entry(
          Long.parseLong(words.get(0)),
          type(words.get(1)),
          instance,
          some(words.get(4)),
          words.get(5).isEmpty()
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(words.get(5))),
          some(words.get(6)),
          EntityId.parse(words.get(7)),
          OptionalLong.empty(),
          some(words.get(8)),
          words.get(9));
    } catch (NumberFormatException malformed) {
      throw new IOException("not a number: " + malformed.getMessage(), malformed);
    }
  }

  private static Optional<String> some(String word) {
    return Optional.of(word).filter(w -> !w.isEmpty());
  }

  private static EntryType type(String word) throws IOException {
    return Arrays.stream(EntryType.values())
        .filter(type -> type.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IOException("`" + word + "` is no type of an entry"));
  }
}
