package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import java.util.List;

/** {@code … for D}: true once the part has been true for the span, by the clock. */
final class HeldNode implements Node {
  private final Condition.Held condition;
  private final Node part;
  private final long span;
  private Truth partTruth = Truth.UNKNOWN;
  private long since = Series.NEVER;

  HeldNode(Condition.Held condition, Node part) {
    this.condition = condition;
    this.part = part;
    this.span = condition.span().toNanos();
  }

  @Override
  public Truth look(Moment moment) {
    partTruth = part.look(moment);
    if (partTruth != Truth.TRUE) {
      since = Series.NEVER;
      return partTruth;
    }
    if (since == Series.NEVER) {
      since = moment.now();
    }
    return Truth.of(moment.reached(since + span));
  }

  /** What the part was at the last look. */
  Truth part() {
    return partTruth;
  }

  @Override
  public void reset() {
    since = Series.NEVER;
    part.reset();
  }

  @Override
  public void tellSince(List<HeldSince> into) {
    into.add(new HeldSince(condition, since));
    part.tellSince(into);
  }

  @Override
  public boolean remembers() {
    return since != Series.NEVER || part.remembers();
  }

  @Override
  public void recall(Recollection recollection) {
    since = recollection.of(condition);
    part.recall(recollection);
  }

  @Override
  public void takeOver(Node before) {
    if (before instanceof HeldNode same) {
      partTruth = same.partTruth;
      since = same.since;
      part.takeOver(same.part);
    }
  }

  @Override
  public boolean isSilent(Moment moment) {
    return part.isSilent(moment);
  }
}
