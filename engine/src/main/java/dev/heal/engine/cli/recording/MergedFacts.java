package dev.heal.engine.cli.recording;

import dev.heal.engine.cli.recording.Complaints.Kind;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Several streams as one, by time; at equal time in the order of the streams. A fact that is older
 * than the one before it in its stream comes where it stands, late. The same fact twice at one
 * instant comes once.
 */
public final class MergedFacts implements FactStream {
  /** A stream with its next fact. */
  private static final class Head {
    private final FactStream stream;
    private Fact fact;
    private long line;

    /** When it comes; for a late fact the time of the one before it. */
    private long turn;

    Head(FactStream stream, Fact fact) {
      this.stream = stream;
      this.fact = fact;
      this.line = stream.line();
      this.turn = fact.at();
    }
  }

  private final List<Head> heads = new ArrayList<>();
  private final Complaints complaints;
  private final Set<Fact> ofThisInstant = new HashSet<>();
  private long instant = Long.MIN_VALUE;
  private String name = "";
  private long line;

  /** Reads the first fact of each. */
  public MergedFacts(List<FactStream> streams, Complaints complaints) throws IOException {
    this.complaints = complaints;
    for (FactStream stream : streams) {
      Optional<Fact> first = stream.next();
      first.ifPresent(fact -> heads.add(new Head(stream, fact)));
    }
  }

  @Override
  public Optional<Fact> next() throws IOException {
    while (!heads.isEmpty()) {
      Fact fact = take(first());
      if (fact.at() != instant) {
        ofThisInstant.clear();
        instant = fact.at();
      }
      if (ofThisInstant.add(fact)) {
        return Optional.of(fact);
      }
      complaints.add(Kind.DUPLICATE, name + ":" + line, "the same fact was there before");
    }
    return Optional.empty();
  }

  private Head first() {
    Head first = heads.get(0);
    for (int i = 1; i < heads.size(); i++) {
      if (heads.get(i).turn < first.turn) {
        first = heads.get(i);
      }
    }
    return first;
  }

  private Fact take(Head head) throws IOException {
    Fact fact = head.fact;
    name = head.stream.name();
    line = head.line;
    if (fact.at() < head.turn) {
      complaints.add(
          Kind.LATE,
          name + ":" + line,
          "%s older than the fact before it; taken as it comes"
              .formatted(
                  Duration.ofNanos(head.turn - fact.at())
                      .toString()
                      .substring(2)
                      .toLowerCase(java.util.Locale.ROOT)));
    }
    Optional<Fact> next = head.stream.next();
    if (next.isPresent()) {
      head.fact = next.get();
      head.line = head.stream.line();
      head.turn = Math.max(head.turn, head.fact.at());
    } else {
      heads.remove(head);
    }
    return fact;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long line() {
    return line;
  }
}
