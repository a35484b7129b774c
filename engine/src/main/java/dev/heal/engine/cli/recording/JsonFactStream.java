package dev.heal.engine.cli.recording;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.json.JsonFactReader;
import dev.heal.engine.source.log.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** JSON Lines. What is no fact is complained of, and the rest goes on. */
public final class JsonFactStream implements FactStream {
  private final String name;
  private final LineReader lines;
  private final JsonFactReader reader = new JsonFactReader();
  private final Complaints complaints;

  /** Reads from a stream that the caller closes. */
  public JsonFactStream(String name, InputStream in, Complaints complaints) {
    this.name = name;
    this.lines = new LineReader(in);
    this.complaints = complaints;
  }

  @Override
  public Optional<Fact> next() throws IOException {
    while (lines.next()) {
      if (isBlank()) {
        continue;
      }
      JsonFactReader.Line line = reader.read(lines.bytes(), lines.from(), lines.to());
      if (line.fact().isPresent()) {
        return line.fact();
      }
      complaints.add(Complaints.Kind.MALFORMED, name + ":" + line(), line.problem());
    }
    return Optional.empty();
  }

  private boolean isBlank() {
    for (int i = lines.from(); i < lines.to(); i++) {
      if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long line() {
    return lines.number();
  }
}
