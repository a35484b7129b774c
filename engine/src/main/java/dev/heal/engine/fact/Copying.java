package dev.heal.engine.fact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A copy of what a stage remembers at one moment, made in small parts while the stage goes on: what
 * is about to change, and was not copied yet, is copied first.
 */
final class Copying {
  private final Cell[] cells;
  private final SeriesStore store;
  private final boolean[] copied;
  private final List<Memory> memories;
  private final List<Series.Remembered> signals;
  private int nextCell;
  private int nextSeries;

  Copying(Collection<Cell> remembering, SeriesStore store) {
    this.cells = remembering.toArray(new Cell[0]);
    this.store = store;
    this.copied = new boolean[store.size()];
    this.memories = new ArrayList<>();
    this.signals = new ArrayList<>(store.size());
  }

  /** One that is whole: of a stage that is gone. */
  Copying(List<Memory> memories, List<Series.Remembered> signals, SeriesStore none) {
    this.cells = new Cell[0];
    this.store = none;
    this.copied = new boolean[0];
    this.memories = List.copyOf(memories);
    this.signals = List.copyOf(signals);
  }

  /** The cell is about to change. */
  void before(Cell cell) {
    if (cell.copiedBy != this) {
      cell.copiedBy = this;
      if (cell.isListed) {
        memories.add(cell.memory());
      }
    }
  }

  /** The signal is about to change. */
  void before(Series series) {
    int index = series.serial() - 1;
    if (index < copied.length && !copied[index]) {
      copied[index] = true;
      signals.add(series.remembered());
    }
  }

  /**
   * Copies further parts, {@code most} at the most.
   *
   * @return whether that was all
   */
  boolean more(int most) {
    int left = most;
    while (left > 0 && nextCell < cells.length) {
      before(cells[nextCell++]);
      left--;
    }
    while (left > 0 && nextSeries < copied.length) {
      before(store.get(nextSeries++));
      left--;
    }
    return nextCell == cells.length && nextSeries == copied.length;
  }

  List<Memory> memories() {
    return memories;
  }

  List<Series.Remembered> signals() {
    return signals;
  }
}
