package dev.heal.engine.journal.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.json.JsonFactReader;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.Stood;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** One line of a recording to one input. */
final class LineParser {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonFactReader facts = new JsonFactReader();

  /**
   * An input, or how many are missing here.
   *
   * @param lost 0 with an input
   */
  record Line(Optional<Recorded> input, long lost) {}

  // what the line that is read has said so far
  private OptionalLong stamp = OptionalLong.empty();
  private Optional<Fact> fact = Optional.empty();
  private OptionalLong order = OptionalLong.empty();
  private String outcome = "";
  private String because = "";
  private Optional<List<String>> command = Optional.empty();
  private OptionalLong start = OptionalLong.empty();
  private long ladder;
  private List<Halt> halts = List.of();
  private List<Stood> stood = List.of();
  private List<Entry> entries = List.of();
  private NavigableSet<EntityId> cordons = new TreeSet<>();
  private Interim interim = Interim.NONE;
  private String policies = "";
  private long generation;
  private Optional<String> checkpoint = Optional.empty();
  private long lost;

  /**
   * Reads a line of UTF-8 without its line feed.
   *
   * @throws IOException where it is none that a recorder writes
   */
  Line parse(byte[] bytes, int length) throws IOException {
    stamp = OptionalLong.empty();
    fact = Optional.empty();
    order = OptionalLong.empty();
    command = Optional.empty();
    start = OptionalLong.empty();
    ladder = 0;
    halts = List.of();
    stood = List.of();
    entries = List.of();
    cordons = new TreeSet<>();
    interim = Interim.NONE;
    policies = "";
    generation = 0;
    checkpoint = Optional.empty();
    lost = 0;
    try (JsonParser json = JSON.createParser(bytes, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        field(name, json, bytes);
      }
    }
    return line();
  }

  private void field(String name, JsonParser json, byte[] bytes) throws IOException {
    switch (name) {
      case "stamp" -> stamp = OptionalLong.of(json.getLongValue());
      case "fact" -> fact = Optional.of(fact(json, bytes));
      case "exact" -> fact = Optional.of(ExactFact.read(json));
      case "order" -> order = OptionalLong.of(json.getLongValue());
      case "outcome" -> outcome = json.getText();
      case "because" -> because = json.getText();
      case "command" -> command = Optional.of(words(json));
      case "start" -> start = OptionalLong.of(json.getLongValue());
      case "ladder" -> ladder = json.getLongValue();
      case "halts" -> halts = HaltJson.read(json);
      case "stood" -> stood = PastJson.readStood(json);
      case "did" -> entries = PastJson.readEntries(json);
      case "cordons" -> cordons = PastJson.readCordons(json);
      case "interim" -> interim = PastJson.readInterim(json);
      case "policies" -> policies = json.getText();
      case "generation" -> generation = json.getLongValue();
      case "checkpoint" -> checkpoint = Optional.of(text(json, bytes));
      case "lost" -> lost = json.getLongValue();
      default -> json.skipChildren();
    }
  }

  private Fact fact(JsonParser json, byte[] bytes) throws IOException {
    int from = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    int to = (int) json.currentLocation().getByteOffset();
    JsonFactReader.Line line = facts.read(bytes, from, to);
    return line.fact().orElseThrow(() -> new IOException(line.problem()));
  }

  /** The object that the parser stands at, as it is written. */
  private static String text(JsonParser json, byte[] bytes) throws IOException {
    int from = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    int to = (int) json.currentLocation().getByteOffset();
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** The strings of the array that the parser stands at. */
  static List<String> words(JsonParser json) throws IOException {
    List<String> words = new ArrayList<>();
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      words.add(json.getText());
    }
    return words;
  }

  private Line line() throws IOException {
    if (lost > 0) {
      return new Line(Optional.empty(), lost);
    }
    if (stamp.isPresent() && fact.isPresent()) {
      return of(new Recorded.Heard(stamp.getAsLong(), fact.get()));
    }
    if (stamp.isPresent() && order.isPresent()) {
      Outcome end = new Outcome(kind(), because);
      return of(new Recorded.Ended(stamp.getAsLong(), order.getAsLong(), end));
    }
    if (stamp.isPresent() && command.isPresent()) {
      return of(new Recorded.Commanded(stamp.getAsLong(), command.get()));
    }
    if (stamp.isPresent() && start.isPresent()) {
      Past past = new Past(start.getAsLong(), ladder, halts, stood, entries, cordons, interim);
      return of(new Recorded.Started(stamp.getAsLong(), past, policies));
    }
    if (stamp.isPresent() && checkpoint.isPresent()) {
      String state = checkpoint.get();
      return of(
          new Recorded.Checkpoint(stamp.getAsLong(), generation, policies, interim, () -> state));
    }
    throw new IOException(
        "neither a fact, nor an outcome, nor a command, nor a start or checkpoint with its stamp");
  }

  private static Line of(Recorded input) {
    return new Line(Optional.of(input), 0);
  }

  private Outcome.Kind kind() throws IOException {
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      if (kind.name().equals(outcome.toUpperCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new IOException("`" + outcome + "` is no outcome");
  }
}
