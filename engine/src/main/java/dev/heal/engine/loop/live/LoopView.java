package dev.heal.engine.loop.live;

import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running loop, for people to see: the engine of one moment, and what surrounds it.
 *
 * @param incidents the numbers of the incidents of the raised faults
 * @param waiting inputs in the queue
 * @param dropped inputs since the start
 * @param journalPending batches that wait for the disk
 * @param journalProblem why nothing can be written, and so nothing is touched; empty: it can
 */
public record LoopView(
    EngineView engine,
    Map<FaultInstance, Long> incidents,
    int waiting,
    long dropped,
    List<SourceView> sources,
    int journalPending,
    Optional<String> journalProblem,
    Recorder.Status recorder) {
  public LoopView {
    incidents = Map.copyOf(incidents);
    sources = List.copyOf(sources);
  }

  /** The same with more known of the sources. */
  public LoopView with(List<SourceView> others) {
    return new LoopView(
        engine, incidents, waiting, dropped, others, journalPending, journalProblem, recorder);
  }
}
