package dev.heal.engine.source.scheduling;

import java.util.function.Function;

/** What came of asking: a state, or none. */
public sealed interface StateAnswer {
  /** Handles both. */
  <R> R match(Function<NodeState, R> known, Function<String, R> trouble);

  /** It was said. */
  record Known(NodeState state) implements StateAnswer {
    @Override
    public <R> R match(Function<NodeState, R> known, Function<String, R> trouble) {
      return known.apply(state);
    }
  }

  /**
   * Nobody knows.
   *
   * @param why in an operator's words
   */
  record Trouble(String why) implements StateAnswer {
    @Override
    public <R> R match(Function<NodeState, R> known, Function<String, R> trouble) {
      return trouble.apply(why);
    }
  }
}
