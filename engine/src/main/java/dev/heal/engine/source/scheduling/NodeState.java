package dev.heal.engine.source.scheduling;

import java.util.Objects;
import java.util.Optional;

/**
 * Whether new work is placed on a node. One that is down is neither cordoned nor schedulable,
 * unless somebody has cordoned it besides.
 *
 * @param cordoned somebody has said that no new work is to be placed on it
 * @param schedulable new work may be placed on it
 * @param by who has cordoned it: one word; empty where it is not cordoned, or nobody knows
 */
public record NodeState(boolean cordoned, boolean schedulable, Optional<String> by) {
  /** New work may be placed on it. */
  public static final NodeState SCHEDULABLE = new NodeState(false, true, Optional.empty());

  /** Nobody has cordoned it, and yet no work can be placed on it. */
  public static final NodeState DOWN = new NodeState(false, false, Optional.empty());

  public NodeState {
    Objects.requireNonNull(by);
    if ((cordoned && schedulable) || (by.isPresent() && !cordoned)) {
      throw new IllegalArgumentException(
          "cordoned %s, schedulable %s, by %s".formatted(cordoned, schedulable, by));
    }
  }

  /**
   * No new work is placed on it, because somebody has said so.
   *
   * @param by empty: nobody knows
   */
  public static NodeState cordoned(Optional<String> by) {
    return new NodeState(true, false, by);
  }
}
