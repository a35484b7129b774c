package dev.heal.engine.cli;

import dev.heal.engine.cli.run.Daemon;

/** What a running engine writes of itself, in one form or another. For one thread. */
interface RunLog extends Daemon.Observer {
  /**
   * Something about the engine itself.
   *
   * @param event a word for programs: {@code started}
   * @param text for people, lower case, no full stop
   */
  void say(String event, String text);
}
