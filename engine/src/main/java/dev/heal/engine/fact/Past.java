package dev.heal.engine.fact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The facts that are kept, in the order in which they were applied, told to a stage anew. */
final class Past {
  /**
   * At one instant the order in which several signals were heard is not kept: any fixed one does.
   */
  private static final Comparator<Fact> ORDER =
      Comparator.comparingLong(Fact::at)
          .thenComparing(Fact::entity)
          .thenComparing(Fact::signal);

  private final List<Fact> facts = new ArrayList<>();

  /** Takes those that somebody may read. */
  interface Wanted {
    boolean wants(EntityId entity, String signal);
  }

  Past(List<Series.Remembered> signals, Wanted wanted) {
    for (Series.Remembered signal : signals) {
      if (wanted.wants(signal.entity(), signal.signal())) {
        add(signal);
      }
    }
    facts.sort(ORDER); // keeps the order within a signal
  }

  private void add(Series.Remembered signal) {
    SampleWindow.Kept samples = signal.samples();
    for (int i = samples.first(); i < samples.end(); i++) {
      facts.add(
          new Fact.Sample(
              samples.times()[i], signal.entity(), signal.signal(), samples.values()[i]));
    }
    signal.past().forEach((at, fact) -> facts.add(fact.heardAt(at)));
  }

  /** When the first of them was applied; {@code otherwise} where there is none. */
  long start(long otherwise) {
    return facts.isEmpty() ? otherwise : Math.min(otherwise, facts.get(0).at());
  }

  void tell(FactStage stage) {
    facts.forEach(stage::acceptPast);
  }
}
