package dev.heal.engine.schedule;

import dev.heal.engine.decide.Halt;
import java.util.List;

/**
 * What an engine takes over from the one before it.
 *
 * @param lastOrder the number of the last order that was ever given, 0 for none: none comes twice
 * @param lastLadder the same of ladders: an old approval never reaches another repair
 * @param halts what still keeps the hands still
 */
public record Past(long lastOrder, long lastLadder, List<Halt> halts) {
  /** Of the first engine. */
  public static final Past NONE = new Past(0, 0, List.of());

  public Past {
    halts = List.copyOf(halts);
    if (lastOrder < 0 || lastLadder < 0) {
      throw new IllegalArgumentException(lastOrder + " orders, " + lastLadder + " ladders");
    }
  }
}
