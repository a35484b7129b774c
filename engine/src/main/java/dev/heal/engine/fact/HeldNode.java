package dev.heal.engine.fact;

/** {@code … for D}: true once the part has been true for the span, by the clock. */
final class HeldNode implements Node {
  private final Node part;
  private final long span;
  private Truth partTruth = Truth.UNKNOWN;
  private long since = Series.NEVER;

  HeldNode(Node part, long span) {
    this.part = part;
    this.span = span;
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
