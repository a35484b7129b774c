package dev.heal.bench;

import java.io.IOException;

/** One thing to measure. */
interface Benchmark {
  /** By which the command line asks for it. */
  String name();

  /**
   * Measures, and reports the figures.
   *
   * @throws IOException where a file or another process fails it
   */
  void run(Effort effort, Report report) throws IOException;
}
