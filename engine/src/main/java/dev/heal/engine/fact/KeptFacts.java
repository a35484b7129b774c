package dev.heal.engine.fact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The facts that are kept, in the order in which they were applied, told to a stage anew. */
final class KeptFacts {
  /**
   * At one instant the order in which several signals were heard is not kept: any fixed one does.
   */
  private static final Comparator<Fact> ORDER =
      Comparator.comparingLong(Fact::at).thenComparing(Fact::entity).thenComparing(Fact::signal);

  private final List<Fact> facts = new ArrayList<>();
  private final NavigableMap<EntityId, Long> firstHeard = new TreeMap<>();
  private boolean whole = true;

  /** Takes those that somebody may read. */
  interface Wanted {
    boolean wants(EntityId entity, String signal);
  }

  KeptFacts(List<Series.Remembered> signals, Wanted wanted) {
    for (Series.Remembered signal : signals) {
      first(signal).ifPresent(at -> firstHeard.merge(signal.entity(), at, Math::min));
      if (wanted.wants(signal.entity(), signal.signal())) {
        add(signal);
      }
    }
    facts.sort(ORDER); // keeps the order within a signal
  }

  private void add(Series.Remembered signal) {
    whole &= signal.samples().whole() && signal.past().whole();
    SampleWindow.Kept samples = signal.samples();
    for (int i = samples.first(); i < samples.end(); i++) {
      facts.add(
          new Fact.Sample(
              samples.times()[i], signal.entity(), signal.signal(), samples.values()[i]));
    }
    signal.past().forEach((at, fact) -> facts.add(fact.heardAt(at)));
  }

  /**
   * From when on they are all that there was.
   *
   * @param beginning of everything: that, where nothing was ever dropped
   */
  long start(long beginning) {
    return whole || facts.isEmpty() ? beginning : facts.get(0).at();
  }

  private static Optional<Long> first(Series.Remembered signal) {
    SampleWindow.Kept samples = signal.samples();
    if (samples.end() > samples.first()) {
      return Optional.of(samples.times()[samples.first()]);
    }
    return signal.past().facts().stream().findFirst().map(PastFacts.At::at);
  }

  /** An entity that nobody declares is known from the first fact that is kept of it. */
  void tell(FactStage stage) {
    List<Map.Entry<EntityId, Long>> unknown = new ArrayList<>(firstHeard.entrySet());
    unknown.sort(Map.Entry.comparingByValue());
    int next = 0;
    for (Fact fact : facts) {
      for (; next < unknown.size() && unknown.get(next).getValue() <= fact.at(); next++) {
        stage.discover(unknown.get(next).getKey(), unknown.get(next).getValue());
      }
      stage.acceptPast(fact);
    }
    for (; next < unknown.size(); next++) {
      stage.discover(unknown.get(next).getKey(), unknown.get(next).getValue());
    }
  }
}
