package dev.heal.engine.cli;

import sun.misc.Signal;

/** Runs something when the process gets SIGHUP, which then no longer ends it. */
final class Hangup {
  private static final Signal HUP = new Signal("HUP");

  private Hangup() {}

  /**
   * From here on.
   *
   * @param work on a thread of its own; must not wait long
   */
  static void runs(Runnable work) {
    var unused = Signal.handle(HUP, signal -> work.run());
  }
}
